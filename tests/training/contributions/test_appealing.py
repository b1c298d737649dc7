"""Appeals against a rejection or a quarantine: who makes, who decides, and in which round it then counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.members.models import Role
from provenance.errors import Conflict, NotPermitted
from tests.factories import make_actor
from tests.training.api.signing_node import make_maintainer, make_round
from tests.training.waiting import asked_of
from training.contributions.appealing import (
    appeal_decision,
    close_overdue_appeals,
    speak_on_appeal,
    withdraw_appeal,
)
from training.contributions.deciding import decide_contribution
from training.contributions.missing import missing_decisions
from training.contributions.models import DecisionVerdict
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db
WHY = {"note": "It harms.", "reason_codes": ["harms-other-domains"]}


@pytest.fixture
def against(in_review):
    """Two maintainers who put the update into quarantine."""
    speakers = [make_maintainer(), make_maintainer()]
    for speaker in speakers:
        decide_contribution(speaker, in_review, DecisionVerdict.QUARANTINE, **WHY)
    return speakers


@pytest.fixture
def appeal(in_review, against):
    steward = make_actor(in_review.job.node.member, Role.STEWARD)
    return appeal_decision(steward, in_review, "The figures were read the wrong way round.")


def uphold(appeal):
    for _ in range(2):
        speak_on_appeal(make_maintainer(), appeal, upholds=True, note="They were.")
    appeal.refresh_from_db()
    appeal.contribution.refresh_from_db()
    return appeal.contribution


def test_upheld_in_time_all_members_speak_anew(appeal, against):
    freed = uphold(appeal)
    assert (appeal.state, freed.state, freed.turn) == ("upheld", "admitted", 1)
    assert "2 more members have to accept" in missing_decisions(freed)[0]
    for speaker in against:
        decide_contribution(speaker, freed, DecisionVerdict.ACCEPT)
    freed.refresh_from_db()
    assert freed.state == "accepted"


def test_who_spoke_for_the_decision_is_no_judge_of_it_nor_is_the_owner(appeal, against):
    for actor, code in ((against[0], "spoke-for-decision"), (make_maintainer(appeal.member), "recused")):
        with pytest.raises(NotPermitted) as caught:
            speak_on_appeal(actor, appeal, upholds=True, note="Mine.")
        assert caught.value.code == code


def test_dismissed_it_stays_in_quarantine_and_is_not_appealed_again(appeal, in_review):
    for _ in range(2):
        speak_on_appeal(make_maintainer(), appeal, upholds=False, note="It does harm.")
    in_review.refresh_from_db()
    assert (in_review.state, in_review.turn) == ("quarantined", 0)
    with pytest.raises(Conflict) as caught:
        appeal_decision(make_maintainer(appeal.member), in_review, "Once more.")
    assert caught.value.code == "already-appealed"


def test_only_the_contributing_member_appeals_and_takes_it_back(appeal, in_review):
    with pytest.raises(NotPermitted):
        withdraw_appeal(make_maintainer(), appeal)
    assert withdraw_appeal(make_maintainer(appeal.member), appeal).state == "withdrawn"
    in_review.refresh_from_db()
    assert in_review.state == "quarantined"


def test_without_enough_voices_in_time_the_decision_stands(appeal):
    assert close_overdue_appeals() == 0
    assert close_overdue_appeals(at=timezone.now() + timedelta(days=365)) == 1
    appeal.refresh_from_db()
    assert appeal.state == "dismissed"


def test_freed_after_its_round_has_ended_it_counts_in_the_next_one(appeal, round_):
    advance(round_.pk)
    round_.refresh_from_db()
    assert round_.state == "abandoned"
    freed = uphold(appeal)
    assert (freed.round_id, missing_decisions(freed)) == (
        round_.pk,
        ["the next round of its family takes it up"],
    )
    following = make_round(round_.family)
    advance(following.pk)
    freed.refresh_from_db()
    assert (freed.round_id, freed.staleness, freed.state) == (following.pk, 0, "admitted")


def test_freed_while_the_next_round_collects_it_goes_straight_there(appeal, round_):
    advance(round_.pk)
    following = make_round(round_.family)
    advance(following.pk)
    assert uphold(appeal).round_id == following.pk


def test_it_waits_for_those_who_may_still_speak(appeal, against):
    judge = make_maintainer()
    assert asked_of(judge, "contribution") == ["Decide on the appeal"]
    home = make_maintainer(appeal.member)
    assert [asked_of(actor, "contribution") for actor in (*against, home)] == [[], [], []]
    speak_on_appeal(judge, appeal, upholds=True, note="They were.")
    assert asked_of(judge, "contribution") == []
