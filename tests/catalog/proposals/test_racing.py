"""Two approvals at the same moment publish one version, on real connections of their own."""

import pytest

from catalog.datasets.models import DatasetVersion
from catalog.members.models import Role
from catalog.proposals.services import save_draft
from tests.factories import approve, make_actor, make_draft, make_member, make_submitted
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_approvals_at_once_publish_once():
    _, proposal = make_submitted()
    reviewers = [make_actor(make_member(), Role.MAINTAINER) for _ in range(3)]

    def approve_as(actor):
        return lambda: approve(proposal, actor=actor)

    answers = at_once(*map(approve_as, reviewers))
    assert answers.count("not-under-review") == 1
    assert DatasetVersion.objects.count() == 1


def test_of_two_saves_at_once_one_is_told_that_it_is_stale():
    actor, proposal = make_draft()

    def save(consent):
        record = {**proposal.record, "consent": consent}
        return lambda: save_draft(
            actor=actor, proposal=proposal, record=record, expected_revision=proposal.revision
        )

    answers = at_once(save("one"), save("two"))
    assert answers.count("revision-stale") == 1
    proposal.refresh_from_db()
    assert proposal.record["consent"] in {"one", "two"}
