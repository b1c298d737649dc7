"""Only required fields block; everything else is advice, in words with a remedy."""

import pytest

from catalog.proposals.checks import check_record
from catalog.proposals.findings import Level
from tests.factories import complete_record

pytestmark = pytest.mark.django_db
FILES = [{"path": "vi.txt", "storage": "blob", "language": "vi"}]


def findings(record, files=FILES):
    return {finding.code: finding for finding in check_record(record, files)}


def test_a_complete_record_has_nothing_that_blocks():
    found = check_record(complete_record(languages=["vi"]), FILES)
    assert {finding.code for finding in found} == {"more-to-tell"}


def test_what_would_be_useful_is_told_in_one_sentence_per_requirement():
    found = check_record(complete_record(languages=["vi"], collection={"methods": ["survey"]}), FILES)
    told = {finding.requirement: finding.message for finding in found}
    assert list(told) == ["DG:1", "DG:2", "DG:3", "DM:6"]
    assert told["DG:2"] == "It would help to add: processing."


@pytest.mark.parametrize(
    "field", ["title", "tier", "licence", "rights", "contact", "affirmed", "permitted_stages"]
)
def test_each_required_field_blocks_by_name_with_a_remedy(field):
    record = complete_record()
    del record[field]
    found = findings(record)["field-missing"]
    assert (found.level, found.field) == (Level.BLOCKER, field)
    assert found.requirement
    assert found.remedy


def test_each_wrong_part_is_named_by_its_dotted_path():
    record = complete_record(contact={"name": "An", "email": "nowhere"})
    assert findings(record)["field-invalid"].field == "contact.email"


def test_an_unknown_licence_is_a_value_and_only_advice():
    found = findings(complete_record(licence="unknown"))["licence-unknown"]
    assert found.level is Level.ADVICE


@pytest.mark.parametrize("tier", ["train-only", "local-only"])
def test_residency_is_required_unless_open(tier):
    record = {**complete_record(tier), "residency": None}
    assert findings(record)["residency-missing"].level is Level.BLOCKER
    assert "residency-missing" not in findings(complete_record("open"))


def test_an_entry_without_files_is_blocked():
    assert findings(complete_record(), [])["files-missing"].level is Level.BLOCKER


@pytest.mark.parametrize("tier", ["open", "train-only"])
def test_an_address_stands_for_files_that_the_coordinator_could_hold(tier):
    elsewhere = complete_record(tier, located_at="https://archive.example/tales")
    found = findings(elsewhere, [])
    assert "files-missing" not in found
    assert found["size-missing"].level is Level.ADVICE
    assert "size-missing" not in findings({**elsewhere, "size": {"records": 5}}, [])


def test_local_only_data_need_pointers_wherever_they_are():
    record = complete_record("local-only", located_at="https://archive.example/tales")
    assert findings(record, [])["files-missing"].level is Level.BLOCKER


@pytest.mark.parametrize(("shares", "told"), [({"vi": 0.6}, True), ({"vi": 0.6, "fr": 0.4}, False)])
def test_shares_that_are_not_the_whole_get_advice(shares, told):
    assert ("shares-not-whole" in findings(complete_record(shares=shares))) is told


def test_a_share_of_a_language_that_is_not_declared_blocks_at_its_field():
    found = findings(complete_record(shares={"qu": 0.6}))["field-invalid"]
    assert (found.field, found.message) == (
        "shares",
        "The shares of languages can not stay like this: qu is not among the languages.",
    )


def test_an_embargo_that_is_over_holds_nobody_back():
    assert findings(complete_record(embargo_until="2001-01-01"))["embargo-over"].level is Level.ADVICE
    assert "embargo-over" not in findings(complete_record(embargo_until="2199-01-01"))


def test_what_a_half_answered_part_lacks_is_named():
    found = findings(
        complete_record(community_consent={"what": "Tales", "use": "All", "weights_shared": True})
    )
    assert found["field-missing"].message == "Still missing: way to take the community’s consent back."


def test_of_private_data_only_the_seal_is_asked_for():
    found = findings({"tier": "private", "affirmed": True}, [])
    assert list(found) == ["seal-missing"]
    assert found["seal-missing"].message == "Seal it on your node first."


def test_whatever_else_a_private_draft_says_blocks():
    assert "title" in findings(complete_record("private"), [])["private-described"].message


def test_declared_languages_are_compared_with_those_of_the_files():
    found = findings(complete_record(languages=["fr"]))
    assert "vi" in found["language-undeclared"].message
    assert "fr" in found["language-without-file"].message


def test_personal_data_without_consent_get_advice():
    found = findings(complete_record(personal_data="personal"))
    assert found["consent-missing"].level is Level.ADVICE


def test_training_stages_without_the_right_to_train_get_advice():
    rights = {**complete_record()["rights"], "model_training": False}
    assert findings(complete_record(rights=rights))["stages-without-right"].level is Level.ADVICE


@pytest.mark.parametrize(
    "record",
    [
        {"languages": "vi", "rights": [], "permitted_stages": 7, "tier": {}, "residency": 1},
        {"personal_data": [], "title": [], "themes": {}, "licence": None, "contact": "An"},
        {"tier": "secret", "languages": [None, {"a": 1}]},
        {"shares": {"vi": "x"}, "embargo_until": [], "sources": [1, {}], "screening": {"pii": {}}},
    ],
)
def test_nonsense_is_reported_and_never_raises(record):
    assert all(finding.message for finding in check_record(record, []))


def test_blockers_come_first():
    levels = [finding.level for finding in check_record({"licence": "unknown"}, [])]
    assert levels == sorted(levels, key=[Level.BLOCKER, Level.ADVICE].index)
