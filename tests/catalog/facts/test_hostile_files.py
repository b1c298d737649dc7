import resource

import pytest

from catalog.facts import FileRefused, inspect_file, inspect_in_child
from catalog.facts.errors import REFUSALS, REMARKS
from tests.catalog.facts.hostile import KINDS, Hostile

MOST_MEMORY = 700_000_000


def codes(hostile: Hostile, folder, inspect) -> set[tuple[str, str]]:
    path = hostile.build(folder)
    try:
        facts = inspect(path, name=path.name, limits=hostile.limits)
    except FileRefused as refused:
        return {("refused", refused.code)}
    return {("remarked", remark.code) for remark in facts.remarks}


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_file_is_refused_or_remarked_with_its_code_and_never_crashes(kind, tmp_path):
    hostile = KINDS[kind]
    assert (hostile.answer, hostile.code) in codes(hostile, tmp_path, inspect_file)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < MOST_MEMORY


@pytest.mark.parametrize("kind", ["a line of 200 MB", "a Parquet file with hostile pages", "a gzip bomb"])
def test_a_child_answers_the_same_about_a_hostile_file(kind, tmp_path):
    hostile = KINDS[kind]
    assert (hostile.answer, hostile.code) in codes(hostile, tmp_path, inspect_in_child)


def test_each_code_has_a_sentence_that_ends():
    assert all(text.endswith(".") for text in (REFUSALS | REMARKS).values())
    assert {hostile.code for hostile in KINDS.values()} <= {*REFUSALS, *REMARKS}


def test_there_are_more_than_twenty_kinds():
    assert len({hostile.code for hostile in KINDS.values()}) > 20
