"""Only required fields block; everything else is advice, in words with a remedy."""

import pytest

from catalog.proposals.checks import check_record
from catalog.proposals.findings import Level
from tests.factories import complete_record

FILES = [{"path": "vi.txt", "storage": "blob", "language": "vi"}]


def findings(record, files=FILES):
    return {finding.code: finding for finding in check_record(record, files)}


def test_a_complete_record_has_nothing_that_blocks():
    found = check_record(complete_record(languages=["vi"]), FILES)
    assert found == []


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


@pytest.mark.parametrize("tier", ["train-only", "local-only", "private"])
def test_residency_is_required_unless_open(tier):
    record = {**complete_record(tier), "residency": None}
    assert findings(record)["residency-missing"].level is Level.BLOCKER
    assert "residency-missing" not in findings(complete_record("open"))


def test_an_entry_without_files_is_blocked():
    assert findings(complete_record(), [])["files-missing"].level is Level.BLOCKER


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
    ],
)
def test_nonsense_is_reported_and_never_raises(record):
    assert all(finding.message for finding in check_record(record, []))


def test_blockers_come_first():
    levels = [finding.level for finding in check_record({"licence": "unknown"}, [])]
    assert levels == sorted(levels, key=[Level.BLOCKER, Level.ADVICE].index)
