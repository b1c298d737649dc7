import base64
import json
from hashlib import sha384
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "static/vendor", ROOT / "tests/vendor"]


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_each_vendored_file_is_the_one_that_was_published(folder):
    found = {
        str(path.relative_to(folder)): "sha384-"
        + base64.b64encode(sha384(path.read_bytes()).digest()).decode()
        for path in folder.rglob("*")
        if path.is_file() and path.parent != folder
    }
    assert found == json.loads((folder / "manifest.json").read_text())


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_each_vendored_package_brings_its_licence(folder):
    versions = [version for package in folder.iterdir() if package.is_dir() for version in package.iterdir()]
    assert versions
    assert all((version / "LICENSE").is_file() for version in versions)


def test_each_font_brings_its_licence():
    assert all((folder / "OFL.txt").is_file() for folder in (ROOT / "static/fonts").iterdir())
