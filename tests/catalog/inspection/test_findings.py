"""What the files say against the record, and the one case that stops a submission."""

import pytest

from catalog.inspection.findings import findings_of
from catalog.proposals.findings import Level
from catalog.proposals.services import submit_proposal
from provenance.errors import Invalid
from tests.catalog.inspection.conftest import VIETNAMESE, inspect_all
from tests.factories import make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_process")]
LICENCE = b"# SPDX-License-Identifier: GPL-3.0-only\n"
MAIL = b"Write to an.nguyen@example.com or to le.thi@example.com about the rights of all people.\n"


def codes(text, tag="vi", **record):
    _, draft = make_draft(texts={tag: text}, **record)
    inspect_all()
    return {finding.code: finding for finding in findings_of(draft.files, draft.record)}


def test_a_draft_without_stored_files_has_nothing_to_say():
    assert findings_of([], {}) == []


def test_text_that_fits_its_record_gives_no_finding():
    assert codes(VIETNAMESE * 1) == {}


def test_a_language_that_nobody_declared_is_named():
    found = codes(VIETNAMESE, tag="fr")
    assert "vi" in found["language-detected"].message


def test_personal_data_are_told_where_none_were_declared():
    assert "e-mail" in codes(MAIL, tag="en")["personal-data-found"].message


def test_another_licence_in_the_files_is_told():
    found = codes(LICENCE + VIETNAMESE)["licence-contradicts"]
    assert "GPL-3.0-only" in found.message
    assert "CC-BY-4.0" in found.message


def test_many_repeats_are_told():
    assert "%" in codes(VIETNAMESE * 20)["duplicates-many"].message


def test_what_is_not_inspected_yet_is_told_and_stops_nothing():
    _, draft = make_draft(texts={"vi": VIETNAMESE})
    (finding,) = findings_of(draft.files, draft.record)
    assert (finding.code, finding.level) == ("inspection-running", Level.ADVICE)


def test_a_file_that_is_unfit_stops_the_submission_with_its_sentence():
    actor, draft = make_draft(texts={"vi": b" \n"})
    inspect_all()
    with pytest.raises(Invalid) as refused:
        submit_proposal(actor=actor, proposal=draft)
    assert refused.value.fields["files"] == [
        "vi.txt: The file holds nothing but white space. Choose the file that holds the data."
    ]
