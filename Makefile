# Tapestry Catalog. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
MANAGE := $(BIN)/python manage.py
# Checks and benchmarks never touch the data under ./var.
CHECK_VAR := $(CURDIR)/var/test

TEST_VAR := $(or $(TAPESTRY_VAR),$(CURDIR)/var/test)

.PHONY: help run demo test endurance check bench experiment constraints clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.ready-run ## start everything (first run: also seeds the demonstration and runs one real round)
	@exec $(MANAGE) up

demo: $(VENV)/.ready-run ## the main job, non-interactive: proposal → dataset → round → merge → trace
	@exec $(BIN)/python -m tapestry.demonstration

# Three groups side by side, each with services of its own: the whole program, the catalog with its pages, the rest.
CATALOG_TESTS := tests/catalog tests/leaks tests/pages tests/pages_access

test: $(VENV)/.ready-dev ## the tests, on two cores
	@mkdir -p "$(TEST_VAR)"
	@TAPESTRY_VAR="$(TEST_VAR)-stack" $(BIN)/python -m pytest -m "not endurance" tests/stack > "$(TEST_VAR)/stack.txt" 2>&1 & stack=$$!; \
	TAPESTRY_VAR="$(TEST_VAR)-catalog" $(BIN)/python -m pytest -m "not endurance" $(CATALOG_TESTS) > "$(TEST_VAR)/catalog.txt" 2>&1 & catalog=$$!; \
	trap 'kill $$stack $$catalog 2> /dev/null' INT TERM; \
	TAPESTRY_VAR="$(TEST_VAR)" $(BIN)/python -m pytest -m "not endurance" --ignore=tests/stack $(CATALOG_TESTS:%=--ignore=%); others=$$?; \
	wait $$catalog || others=1; wait $$stack || others=1; cat "$(TEST_VAR)/catalog.txt" "$(TEST_VAR)/stack.txt"; exit $$others

endurance: $(VENV)/.ready-dev ## the tests that take long: journeys in a browser, kills in every phase, cut lines
	@mkdir -p "$(TEST_VAR)"
	@TAPESTRY_VAR="$(TEST_VAR)-stack" $(BIN)/python -m pytest -m endurance tests

# Types take as long as all the rest, so they have a core to themselves.
check: $(VENV)/.ready-dev ## lint, types, contracts between floors, templates, migrations, settings, API schema
	@mkdir -p $(CHECK_VAR)
	@TAPESTRY_VAR=$(CHECK_VAR) $(BIN)/mypy > $(CHECK_VAR)/types.txt 2>&1 & types=$$!; trap 'kill $$types 2> /dev/null' INT TERM; \
	$(MAKE) --no-print-directory check-without-types; others=$$?; \
	wait $$types; wrong=$$?; cat $(CHECK_VAR)/types.txt; exit $$(( others > wrong ? others : wrong ))

.PHONY: check-without-types
check-without-types:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint
	$(BIN)/lint-imports
	TAPESTRY_VAR=$(CHECK_VAR) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	TAPESTRY_VAR=$(CHECK_VAR) TAPESTRY_PUBLIC_URL=https://catalog.example $(MANAGE) check --deploy --fail-level WARNING
	TAPESTRY_VAR=$(CHECK_VAR) $(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

bench: $(VENV)/.ready-dev ## every script of bench/, one after the other
	@set -e; for script in bench/*.py; do echo "== $$script"; TAPESTRY_VAR=$(CHECK_VAR) PYTHONPATH=. $(BIN)/python $$script; done

experiment: $(VENV)/.ready-run ## four nodes, honest and hostile, compared; a report page (about a quarter of an hour)
	@exec $(BIN)/python -m training.experiment $(EXPERIMENT)

constraints: $(VENV)/.ready-dev ## write constraints.txt anew from this environment
	@{ echo "# Every package of the tested environment, by version. Made with: make constraints"; \
	  $(PIP) freeze --all --exclude pip --exclude tapestry-catalog | sed 's/^\(torch==[^+]*\)+.*/\1/'; } > constraints.new
	@mv constraints.new constraints.txt

clean: ## remove caches and test data (never ./var itself)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/test var/test-stack var/test-catalog *.egg-info
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# A stamp per set of extras: the second time nothing is asked of the network.
$(VENV)/.ready-run: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt -e '.[node]'
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt -e '.[node,dev]'
	@touch $@ $(VENV)/.ready-run

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 is needed, and '$(PYTHON)' is not it."; \
	  echo "Debian 12: apt-get install python3.11 python3.11-venv. Elsewhere: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; \
	  exit 1; }
	"$(PYTHON)" -m venv $(VENV) || { \
	  rm -rf $(VENV); echo "Python's venv module does not work here. Debian 12: apt-get install python3.11-venv"; exit 1; }
