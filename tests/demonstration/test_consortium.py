"""The demonstration consortium: complete, honest about its tiers, and fit for the leak test."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from license_expression import get_spdx_licensing
from pydantic import ValidationError

from tapestry.demonstration.consortium import Consortium
from tapestry.demonstration.facts import CORPORA, HERE, corpus_path, language_shares, load_consortium

RAW = json.loads((HERE / "consortium.json").read_text("utf-8"))
SCRIPTS = {
    source["bcp47"]: source["script"]
    for source in json.loads((CORPORA / "SOURCES.json").read_text("utf-8"))["files"]
}
CLOSED = {"local-only", "private"}
LONG = 40  # characters: a sentence, no heading such as "Article 1"


def long_lines(name):
    return {
        line for line in corpus_path(Path(name).stem).read_text("utf-8").splitlines() if len(line) >= LONG
    }


def test_all_four_tiers_are_there():
    entries = load_consortium().datasets
    assert len(entries) >= 9
    assert {str(entry.tier) for entry in entries} == {"open", "train-only", "local-only", "private"}


def test_each_text_belongs_to_exactly_one_dataset():
    named = [name for entry in load_consortium().entries for name in entry.files]
    assert sorted(named) == sorted(path.name for path in CORPORA.glob("*.txt"))


def test_members_have_the_people_that_decisions_need():
    people = load_consortium().people
    for member in load_consortium().members:
        roles = [person.role for person in people if person.member == member.slug]
        assert {"steward", "maintainer", "researcher"} == set(roles) - {"community"}
    assert sorted(person.role for person in people).count("maintainer") == 6
    assert [person.role for person in people if person.member is None] == ["operator"]


def test_nodes_differ_in_member_mode_and_local_languages():
    first, second = (node for node in load_consortium().nodes if not node.rests)
    assert first.member != second.member
    assert {first.mode, second.mode} == {"attached", "sovereign"}
    assert not set(first.local_files) & set(second.local_files)


def test_each_node_holds_a_closed_dataset_before_the_live_one():
    consortium = load_consortium()
    held = {entry.node for entry in consortium.datasets if entry.node}
    assert held == {node.slug for node in consortium.nodes}
    assert consortium.live_proposal.node in held


def test_every_member_says_that_it_is_invented():
    for member in load_consortium().members:
        assert "invented" in member.note["en"].lower()
        assert "demonstration" in member.name["en"]


@pytest.mark.parametrize("field", ["title", "summary", "description"])
def test_metadata_come_in_three_languages_and_english_is_always_there(field):
    values = [getattr(entry, field) for entry in load_consortium().entries]
    assert all("en" in value and len(value) >= 2 for value in values)
    assert len({tag for value in values for tag in value}) >= 3


def test_metadata_come_in_two_scripts_and_more():
    tags = {tag for entry in load_consortium().entries for tag in entry.summary}
    assert len({SCRIPTS[tag] for tag in tags}) >= 2


def test_licences_are_spdx_expressions():
    licences = {entry.licence for entry in load_consortium().entries}
    assert not [licence for licence in licences if get_spdx_licensing().validate(licence).errors]


def test_a_closed_text_that_is_free_elsewhere_says_so():
    for entry in load_consortium().entries:
        assert str(entry.tier) == "open" or "demonstration’s choice" in entry.description["en"]


def test_INV_1_no_long_line_of_a_closed_text_stands_in_another_text():  # noqa: N802 (the invariant's name)
    entries = load_consortium().entries
    lines = {name: long_lines(name) for entry in entries for name in entry.files}
    closed = {name for entry in entries if str(entry.tier) in CLOSED for name in entry.files}
    assert not [
        pair for pair in combinations(lines, 2) if closed & set(pair) and lines[pair[0]] & lines[pair[1]]
    ]


def test_INV_1_no_long_line_of_a_closed_text_stands_in_the_metadata():  # noqa: N802 (the invariant's name)
    metadata = (HERE / "consortium.json").read_text("utf-8")
    for entry in load_consortium().entries:
        if str(entry.tier) in CLOSED:
            lines = {line for name in entry.files for line in long_lines(name)}
            assert len(lines) > 30
            assert not [line for line in lines if line in metadata]


def test_language_shares_follow_the_bytes_and_sum_to_one():
    shares = language_shares(["en.txt", "ta.txt", "zh.txt"])
    assert shares[0]["tag"] == "ta"
    assert sum(round(share["share"] * 10_000) for share in shares) == 10_000


def test_shares_of_no_file_are_refused():
    with pytest.raises(ValueError, match="no file"):
        language_shares([])


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("datasets", 0, "member"), "nobody", "no member nobody"),
        (("datasets", 0, "contact"), "lan@mekong.example", "no steward of"),
        (("datasets", 0, "files"), ["vi.txt"], "file named twice"),
        (("datasets", 7, "node"), "andes-cusco", "must lie on a node"),
        (("datasets", 7, "tier"), "open", "states its residency"),
        (("people", 0, "role"), "operator", "belongs to no member"),
        (("nodes", 1, "slug"), "mekong-hanoi", "node named twice"),
    ],
)
def test_a_wrong_reference_is_refused_in_words(path, value, complaint):
    broken = json.loads(json.dumps(RAW))
    *parents, last = path
    target = broken
    for key in parents:
        target = target[key]
    target[last] = value
    with pytest.raises(ValidationError, match=complaint):
        Consortium.model_validate(broken)
