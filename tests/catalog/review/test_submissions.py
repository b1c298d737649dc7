"""What was handed in is kept each time, so that reviewers see what changed."""

import pytest

from catalog.proposals.services import save_draft, submit_proposal
from catalog.review.models import Submission, Verdict
from catalog.review.reading import submissions_of
from provenance.errors import Invalid
from tests.catalog.review.characters import maintainer, say
from tests.factories import make_draft, make_submitted

pytestmark = pytest.mark.django_db


def test_each_hand_in_is_kept_with_the_answer_to_what_was_asked():
    steward, proposal = make_submitted()
    say(maintainer(), proposal, Verdict.REQUEST_CHANGES)
    record = {**proposal.record, "consent": "Asked in 2025."}
    changed = save_draft(actor=steward, proposal=proposal, record=record, expected_revision=proposal.revision)
    again = submit_proposal(actor=steward, proposal=changed, answer=" Consent is described now. ")
    first, second = submissions_of(proposal)
    assert (first.number, first.answer, first.record["consent"]) == (1, "", "")
    assert (second.number, second.answer) == (2, "Consent is described now.")
    assert (second.record["consent"], second.revision) == ("Asked in 2025.", again.revision)
    assert (second.files, second.submitted_by_id) == (again.files, steward.key)


def test_of_private_data_nothing_is_kept():
    steward, proposal = make_draft("private")
    submit_proposal(actor=steward, proposal=proposal, answer="For nobody.")
    assert not Submission.objects.exists()


def test_an_answer_that_no_database_holds_is_refused_by_its_field():
    steward, draft = make_draft()
    with pytest.raises(Invalid) as refused:
        submit_proposal(actor=steward, proposal=draft, answer="\0")
    assert list(refused.value.fields) == ["answer"]
