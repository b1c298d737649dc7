"""How a round begins, and how people end it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.members.models import Role
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.models import Event
from tests.factories import make_actor, make_dataset, make_member
from tests.training.api.signing_node import PLAN, SigningNode, make_family, make_maintainer, make_round
from training.jobs.models import Job
from training.rounds.conductor import advance
from training.rounds.models import Round
from training.rounds.opening import abandon_round, open_round

pytestmark = pytest.mark.django_db


def test_a_family_has_one_round_at_a_time():
    round_ = make_round()
    with pytest.raises(Conflict) as caught:
        make_round(round_.family)
    assert caught.value.code == "round-open"


def test_the_database_refuses_a_second_one_as_well():
    round_ = make_round()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(
            family=round_.family,
            number=2,
            base=round_.base,
            plan={},
            quorum=2,
            opened_by=round_.opened_by,
            deadline=round_.deadline,
        )


def test_only_a_maintainer_opens_a_round():
    with pytest.raises(NotPermitted):
        open_round(make_actor(make_member(), Role.RESEARCHER), make_family(), PLAN)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=30)])
def test_a_deadline_is_ahead_and_within_a_manifests_life(ahead):
    with pytest.raises(Invalid) as caught:
        make_round(deadline=timezone.now() + ahead)
    assert caught.value.code == "deadline-out-of-range"


def test_an_abandoned_round_calls_its_jobs_off_and_keeps_the_cause():
    make_dataset("open")
    node, round_ = SigningNode(), make_round()
    advance(round_.pk)
    job = node.job(round_)
    node.claim(job)
    abandon_round(make_maintainer(), round_, "The dataset is disputed.")
    round_.refresh_from_db()
    assert (round_.state, round_.waiting_for) == ("abandoned", "The dataset is disputed.")
    assert Job.objects.get().state == "cancelled"
    assert node.post(f"/api/v1/jobs/{job.pk}/heartbeat", {"attempt": 1}).json()["cancel"]
    assert Event.objects.filter(action="round.abandoned").count() == 1
    assert make_round(round_.family).number == 2


def test_abandoning_needs_a_cause():
    with pytest.raises(Invalid):
        abandon_round(make_maintainer(), make_round(), "  ")


def test_a_round_without_a_deadline_has_the_hours_that_the_members_voted_for():
    round_ = make_round()
    hours = (round_.deadline - round_.opened_at) / timedelta(hours=1)
    assert hours == pytest.approx(24, abs=0.01)


def test_the_opener_may_choose_the_mode_and_only_windows_take_old_starts():
    assert make_round(most_stale=3).most_stale == 0
    window = make_round(make_family(8), mode=Round.Mode.ASYNCHRONOUS, most_stale=3)
    assert (window.mode, window.most_stale) == ("asynchronous", 3)


def test_no_window_takes_starts_that_are_older_than_the_members_could_vote_for():
    with pytest.raises(Invalid) as caught:
        make_round(mode=Round.Mode.ASYNCHRONOUS, most_stale=11)
    assert (caught.value.code, list(caught.value.fields)) == ("staleness-out-of-range", ["most_stale"])
