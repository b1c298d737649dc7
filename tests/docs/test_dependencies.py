import re
import tomllib
from importlib.metadata import Distribution, distribution
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/dependencies.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
RUNTIME = [*PROJECT["dependencies"], *EXTRAS["node"]]
DIRECT = {item.name: str(item.specifier) for item in map(Requirement, [*RUNTIME, *EXTRAS["dev"]])}
# | `name` | version | licence |
ROW = re.compile(r"^\| `([\w.-]+)` \| ([\w.]+) \| ([^|]+) \|", re.MULTILINE)
LISTED = {name: (version, licence.strip()) for name, version, licence in ROW.findall(PAGE)}
# Libraries, used unmodified and replaceable: docs/dependencies.md, "What may not surprise you".
LESSER = {"psycopg", "psycopg-binary", "psycopg-pool", "frozendict"}


def licence_of(found: Distribution) -> str:
    """What the metadata say; of a licence's whole text, its first line."""
    said = [line for line in found.metadata.get_all("Classifier", []) if line.startswith("License")]
    text = found.metadata.get("License", "").strip().partition("\n")[0]
    return " | ".join([found.metadata.get("License-Expression", ""), text, *said])


def needed(wish: Requirement, seen: dict[tuple[str, frozenset[str]], Distribution]) -> None:
    """Add what ``wish`` installs here, and all that this needs."""
    key = canonicalize_name(wish.name), frozenset(wish.extras)
    if key in seen:
        return
    seen[key] = found = distribution(wish.name)
    for further in map(Requirement, found.requires or []):
        extras = {"", *wish.extras}
        if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
            needed(further, seen)


@pytest.fixture(scope="module")
def runtime() -> dict[str, Distribution]:
    seen: dict[tuple[str, frozenset[str]], Distribution] = {}
    for wish in map(Requirement, RUNTIME):
        needed(wish, seen)
    return {name: found for (name, _), found in seen.items()}


def test_the_page_lists_exactly_the_direct_dependencies_with_their_versions():
    assert {name: f"=={version}" for name, (version, _) in LISTED.items()} == DIRECT


@pytest.mark.parametrize("name", sorted(DIRECT))
def test_the_tested_environment_has_the_same_version(name):
    pins = map(Requirement, re.findall(r"^[^#\s].*$", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    pinned = {canonicalize_name(pin.name): str(pin.specifier) for pin in pins}
    assert pinned[canonicalize_name(name)] == DIRECT[name]


@pytest.mark.parametrize("name", sorted(DIRECT))
def test_the_page_gives_the_licence_that_the_package_states(name):
    stated = distribution(name).metadata.get("License-Expression")
    assert stated in {None, LISTED[name][1]}


def test_nothing_that_runs_or_ships_is_under_the_gpl(runtime):
    assert len(runtime) > len(RUNTIME)
    said = {name: licence_of(found).replace("Lesser General", "LGPL") for name, found in runtime.items()}
    assert {name for name, text in said.items() if re.search(r"\bA?GPL|General Public", text)} == set()


def test_what_is_under_the_lgpl_without_another_choice_is_known_and_named(runtime):
    lesser = {name for name, found in runtime.items() if re.search("(?<! OR )LGPL|Lesser", licence_of(found))}
    assert lesser == LESSER
    assert all(name in PAGE for name in lesser)


def test_each_vendored_folder_stands_in_the_page():
    places = chain(ROOT.glob("static/vendor/*/*"), ROOT.glob("tests/vendor/*/*"), ROOT.glob("static/fonts/*"))
    folders = [str(place.relative_to(ROOT)) for place in places if place.is_dir()]
    assert folders
    assert [folder for folder in folders if f"`{folder}`" not in PAGE] == []
