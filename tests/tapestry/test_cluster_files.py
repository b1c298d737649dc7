"""compose.yaml starts commands that exist, with variables that the program reads."""

import shlex
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from provenance.blobs import open_store
from tapestry.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
OURS = {name: part for name, part in SERVICES.items() if "build" in part}
SCRIPTS = (ROOT / "pyproject.toml").read_text().partition("[project.scripts]")[2]


@pytest.mark.parametrize("name", OURS)
def test_each_command_exists(name):
    program, *rest = OURS[name]["command"]
    if program == "python":
        assert rest[0] == "manage.py"
        assert rest[1] in get_commands()
    else:
        beside = shutil.which(program, path=str(Path(sys.executable).parent))
        assert beside or f"{shlex.quote(program)} = " in SCRIPTS


@pytest.mark.parametrize("name", [name for name in OURS if "environment" in OURS[name]])
def test_each_variable_is_read_by_the_program(name):
    known = {field.validation_alias for field in Environment.model_fields.values()}
    of_the_s3_client = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert set(OURS[name]["environment"]) <= known | of_the_s3_client


def test_the_address_of_the_store_is_one_that_the_program_opens():
    assert repr(open_store(OURS["web"]["environment"]["BLOB_URL"])) == "S3Store(tapestry, prefix='')"


def test_each_service_depends_on_services_that_exist():
    needed = {other for part in SERVICES.values() for other in part.get("depends_on", {})}
    assert needed <= set(SERVICES)


def test_the_modules_named_on_the_command_lines_exist():
    assert find_spec("tapestry.gunicorn")
    assert find_spec("tapestry.wsgi")
    assert find_spec("tapestry.celery")
