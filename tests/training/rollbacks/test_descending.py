"""What descends from what is taken out: each with a plan, and for those who may know of it (INV-6)."""

import uuid

import pytest

from catalog.members.models import Role
from catalog.notifications.models import Notification
from provenance.actors import ANONYMOUS
from provenance.errors import Conflict, NotPermitted
from tests.factories import make_actor, make_member, make_person
from tests.training.api.signing_node import make_maintainer
from training.nodes.models import BuildReport
from training.rollbacks.descending import descendants_of
from training.rollbacks.discovering import discoverable
from training.rollbacks.finishing import finish_descendant
from training.rollbacks.models import DescendantPlan, Level
from training.rollbacks.removal import plan_removal

pytestmark = pytest.mark.django_db


def build_on(chain, base):
    node = chain.nodes[1].node
    return BuildReport.objects.create(node=node, key=uuid.uuid4(), kind="sovereign-build", base=base)


@pytest.mark.parametrize(("level", "plan"), [(Level.REPLAY, "kept"), (Level.DESCENDANTS, "dropped")])
def test_bases_later_contributions_and_builds_each_have_a_plan(begin, level, plan):
    chain = begin(2)
    build_on(chain, chain.bases[1])
    found = descendants_of(plan_removal(chain.head, [chain.of(0)], level))
    assert [(row.kind, row.plan) for row in found] == [
        *[("base", "replaced")] * 2,
        *[("contribution", plan)] * 2,
        ("build", "review"),
    ]


def test_inv_6_builds_are_for_the_consortium(begin):
    chain = begin(1)
    build_on(chain, chain.bases[1])
    found = descendants_of(plan_removal(chain.head, [chain.of(0)], Level.REPLAY))
    assert {row.kind for row in discoverable(ANONYMOUS, found)} == {"base"}
    insider = make_actor(make_member(), Role.RESEARCHER)
    assert {row.kind for row in discoverable(insider, found)} == {"base", "build"}


def test_inv_6_the_api_lists_what_its_caller_may_know_of(begin, client):
    chain = begin(1)
    build_on(chain, chain.bases[1])
    rollback = chain.decide(chain.of(0))
    path = f"/api/v1{rollback.get_absolute_url()}"
    told = client.get(path).json()
    assert ([each["kind"] for each in told["descendants"]], len(told["steps"])) == (["base"], 1)
    client.force_login(make_person(make_member(), Role.RESEARCHER))
    assert len(client.get(path).json()["descendants"]) == 2
    assert client.get("/api/v1/rollbacks/").json()["results"][0]["state"] == "replaying"


def test_the_member_whose_it_is_says_once_what_became_of_it(begin):
    chain = begin(1)
    build = build_on(chain, chain.bases[1])
    row = chain.decide(chain.of(0)).descendants.get(subject=f"build:{build.key}")
    with pytest.raises(NotPermitted):
        finish_descendant(make_maintainer(), row.pk, outcome=DescendantPlan.RETIRED, note="")
    own = make_maintainer(build.node.member)
    finish_descendant(own, row.pk, outcome=DescendantPlan.RETIRED, note="Switched off.")
    row.refresh_from_db()
    assert (row.plan, row.note, row.done_at is None) == ("retired", "Switched off.", False)
    with pytest.raises(Conflict):
        finish_descendant(own, row.pk, outcome=DescendantPlan.KEPT, note="")


def test_members_whose_work_is_in_the_bases_are_told(begin):
    chain = begin(1)
    affected = make_person(chain.nodes[1].node.member, Role.STEWARD)
    stranger = make_person(make_member(), Role.STEWARD)
    chain.propose(chain.of(0))
    told = Notification.objects.filter(event__action="rollback.proposed")
    assert told.get(recipient=affected).why == "concerned"
    assert not told.filter(recipient=stranger).exists()
