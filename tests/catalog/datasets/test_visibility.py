"""INV-6: what an actor may not discover is in no list, and lists cost the same however long they are."""

import pytest

from catalog.datasets.models import Dataset
from catalog.members.models import Role
from catalog.proposals.models import Proposal
from provenance.actors import ANONYMOUS
from provenance.events.models import Event
from provenance.lineage.models import Artifact
from tests.factories import make_actor, make_dataset, make_draft, make_member, make_submitted

pytestmark = pytest.mark.django_db


def seen_by(actor):
    return [
        Dataset.objects.visible_to(actor).count(),
        Proposal.objects.visible_to(actor).count(),
        Artifact.objects.visible_to(actor.audiences).count(),
        Event.objects.visible_to(actor.audiences).count(),
    ]


def test_inv_6_a_private_entry_changes_nothing_that_others_see():
    owner = make_member()
    steward = make_actor(owner, Role.STEWARD)
    watchers = [ANONYMOUS, make_actor(make_member(), Role.MAINTAINER)]
    before = [seen_by(actor) for actor in watchers]
    make_dataset("private", member=owner, actor=steward)
    assert [seen_by(actor) for actor in watchers] == before
    assert seen_by(steward)[:2] == [1, 1]


def test_inv_6_drafts_are_seen_by_their_member_only():
    steward, proposal = make_draft()
    stranger = make_actor(make_member(), Role.MAINTAINER)
    assert list(Proposal.objects.visible_to(steward)) == [proposal]
    assert not Proposal.objects.visible_to(stranger).exists()


def test_submitted_proposals_are_for_the_consortium_and_not_for_the_public():
    make_submitted("local-only")
    assert Proposal.objects.visible_to(make_actor(make_member(), Role.RESEARCHER)).count() == 1
    assert Proposal.objects.visible_to(ANONYMOUS).count() == 0


@pytest.mark.parametrize("entries", [1, 4])
def test_a_list_of_entries_is_one_query(entries, django_assert_num_queries):
    member = make_member()
    for _ in range(entries):
        make_dataset("private", member=member)
    actor = make_actor(member, Role.RESEARCHER)
    with django_assert_num_queries(1):
        listed = [
            (row.title, row.member.name) for row in Dataset.objects.visible_to(actor).select_related("member")
        ]
    assert len(listed) == entries
