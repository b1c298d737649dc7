"""What the documents name exists: links, make targets, variables, files, tests and names in the code."""

import pkgutil
import re
from pathlib import Path

import pytest

import training.node.home
from tapestry.environment import Environment

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"var", "node_modules"}
PAGES = {
    str(found.relative_to(ROOT)): found.read_text("utf-8")
    for found in sorted(ROOT.rglob("*.md"))
    if not any(part in ELSEWHERE or part.startswith(".") for part in found.relative_to(ROOT).parts)
}
TOP = "tapestry|catalog|provenance|training|templates|static|tests|docs|bench"
EACH_PAGE = pytest.mark.parametrize("page", PAGES)


def in_code(page: str) -> list[str]:
    """Fenced blocks and code spans."""
    fenced = re.findall(r"^```.*?^```", PAGES[page], re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    return fenced + re.findall(r"`([^`]+)`", rest)


def anchors(page: Path) -> set[str]:
    """Fragments of the page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@EACH_PAGE
def test_each_link_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link


@EACH_PAGE
def test_each_make_target_is_one(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for code in in_code(page) for name in re.findall(r"\bmake ([a-z][a-z-]*)", code)}
    assert named <= targets


@EACH_PAGE
def test_each_variable_is_read_by_the_program(page):
    known = {str(field.validation_alias) for field in Environment.model_fields.values()}
    known |= set(re.findall(r'"(TAPESTRY_NODE_\w+)"', Path(training.node.home.__file__).read_text()))
    assert set(re.findall(r"\bTAPESTRY_[A-Z]+(?:_[A-Z]+)*", PAGES[page])) <= known


@EACH_PAGE
def test_each_file_is_there(page):
    named = {path for code in in_code(page) for path in re.findall(rf"^(?:{TOP})/[\w./-]+\w\b", code)}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@EACH_PAGE
def test_each_test_exists(page):
    tests = "\n".join(path.read_text("utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    named = {name for code in in_code(page) for name in re.findall(r"^(test_\w+)$", code)}
    assert {name for name in named if f"def {name}(" not in tests} == set()


@EACH_PAGE
def test_each_name_in_the_code_exists(page):
    dotted = r"^(?:tapestry|catalog|provenance|training)(?:\.[A-Za-z_]\w*)+"
    for name in {found for code in in_code(page) for found in re.findall(dotted, code)}:
        pkgutil.resolve_name(name)
