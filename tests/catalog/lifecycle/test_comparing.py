import pytest

from catalog.datasets.files import FileEntry
from catalog.lifecycle.comparison import compare_versions
from catalog.lifecycle.files import compare_files
from catalog.lifecycle.wording import Mark, mark_words, split_words
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS
from tests.factories import make_actor, make_dataset, make_member, make_next_version


def entry(path, digit):
    return FileEntry(path=path, sha256=digit * 64, bytes=int(digit), storage="blob")


def test_files_that_moved_are_told_from_those_that_came_and_went():
    before = [entry("a", "1"), entry("b", "2"), entry("c", "3"), entry("d", "4")]
    after = [entry("a", "1"), entry("b", "5"), entry("e", "3"), entry("f", "6")]
    found = compare_files(before, after)
    assert [(change.verb, change.path) for change in found.changes] == [
        ("changed", "b"),
        ("removed", "d"),
        ("renamed", "e"),
        ("added", "f"),
    ]
    assert found.unchanged == 1


def test_two_copies_of_a_file_can_not_both_have_moved_to_one_place():
    found = compare_files([entry("a", "1"), entry("b", "1")], [entry("c", "1")])
    assert sorted(change.verb for change in found.changes) == ["removed", "renamed"]


@pytest.mark.parametrize(
    "text", ["", "Tuyên ngôn, 1948.", "今日は世界", "नमस्ते दुनिया", "a\n\n  b", "e\u0301te\u0301"]
)
def test_words_put_together_are_the_text_again(text):
    assert "".join(split_words(text)) == text


def test_only_the_words_that_changed_are_marked():
    pieces = mark_words("Collected in 1998 by hand.", "Collected in 1999 by hand.")
    assert [(piece.mark, piece.text) for piece in pieces if piece.mark is not Mark.SAME] == [
        (Mark.REMOVED, "1998"),
        (Mark.ADDED, "1999"),
    ]


def test_a_text_that_is_another_one_is_replaced_as_a_whole():
    assert [piece.mark for piece in mark_words("Sheep and goats", "1234")] == [Mark.REMOVED, Mark.ADDED]


@pytest.mark.django_db
def test_a_difference_names_the_answers_by_their_path():
    dataset = make_next_version(make_dataset(), origin="A public declaration, proofread.")
    after, before = dataset.versions.select_related("dataset__member")
    found = compare_versions(ANONYMOUS, before, after)
    assert [(change.path, change.before) for change in found.answers] == [("origin", "A public declaration.")]
    assert not found.withheld


@pytest.mark.django_db
def test_inv_6_a_reader_compares_no_more_than_it_may_read():
    dataset = make_next_version(make_dataset(Tier.TRAIN_ONLY), origin="Elsewhere.", represents="Poets")
    after, before = dataset.versions.select_related("dataset__member")
    outside, inside = (compare_versions(who, before, after) for who in (ANONYMOUS, make_actor(make_member())))
    assert [change.path for change in outside.answers] == ["represents"]
    assert (outside.files, outside.withheld) == (None, True)
    assert [change.path for change in inside.answers] == ["origin", "represents"]
