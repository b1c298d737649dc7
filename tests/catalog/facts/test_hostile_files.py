from pathlib import Path

import pytest

from catalog.facts import FileRefused, inspect_file, inspect_in_child
from catalog.facts.errors import REFUSALS, REMARKS
from tests.catalog.facts.hostile import KINDS, Hostile

MOST_MEMORY = 500_000
"""kB beyond what the process has at the start; what other tests took before does not count."""

MEMORY = Path("/proc/self")


def codes(hostile: Hostile, folder, inspect) -> set[tuple[str, str]]:
    path = hostile.build(folder)
    try:
        facts = inspect(path, name=path.name, limits=hostile.limits)
    except FileRefused as refused:
        return {("refused", refused.code)}
    return {("remarked", remark.code) for remark in facts.remarks}


def kilobytes(line: str) -> int:
    """VmRSS is what the process has, VmHWM the most that it had since its peak was cleared."""
    return next(
        int(row.split()[1]) for row in (MEMORY / "status").read_text().splitlines() if row.startswith(line)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_file_is_refused_or_remarked_with_its_code_and_never_crashes(kind, tmp_path):
    hostile = KINDS[kind]
    (MEMORY / "clear_refs").write_text("5")
    before = kilobytes("VmRSS")
    assert (hostile.answer, hostile.code) in codes(hostile, tmp_path, inspect_file)
    assert kilobytes("VmHWM") - before < MOST_MEMORY


@pytest.mark.parametrize("kind", ["a line of 200 MB", "a Parquet file with hostile pages", "a gzip bomb"])
def test_a_child_answers_the_same_about_a_hostile_file(kind, tmp_path):
    hostile = KINDS[kind]
    assert (hostile.answer, hostile.code) in codes(hostile, tmp_path, inspect_in_child)


def test_each_code_has_a_sentence_that_ends():
    assert all(text.endswith(".") for text in (REFUSALS | REMARKS).values())
    assert {hostile.code for hostile in KINDS.values()} <= {*REFUSALS, *REMARKS}


def test_there_are_more_than_twenty_kinds():
    assert len({hostile.code for hostile in KINDS.values()}) > 20
