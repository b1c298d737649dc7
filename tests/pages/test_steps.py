"""The task list tells what can be answered now."""

import pytest

from catalog.members.models import Role
from catalog.pages.proposals.steps import tasks_of
from catalog.proposals.checks import check_record
from catalog.proposals.services import start_proposal
from catalog.tiers import Tier
from tests.factories import make_actor, make_draft, make_member

pytestmark = pytest.mark.django_db


def states(draft):
    tasks = tasks_of(draft, check_record(draft.record, draft.files))
    return {task.url.rstrip("/").rsplit("/", 1)[1]: task.state for task in tasks}


def test_residency_and_files_wait_for_the_tier():
    member = make_member()
    found = states(start_proposal(actor=make_actor(member, Role.STEWARD), member=member))
    assert found["residency"] == found["files"] == "cannot_start"
    assert found["about"] == "to_do"


def test_open_data_need_no_residency():
    assert states(make_draft(Tier.OPEN)[1])["residency"] == "optional"


def test_what_nobody_must_answer_is_optional_until_somebody_does():
    found = states(make_draft(Tier.OPEN)[1])
    assert found["quality"] == found["extent"] == "optional"
    assert found["provenance"] == found["rights"] == "done"


def test_private_data_have_three_steps():
    assert states(make_draft(Tier.PRIVATE)[1]) == {"tier": "done", "seal": "done", "check": "to_do"}
