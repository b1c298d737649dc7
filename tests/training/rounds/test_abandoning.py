"""People end a round in whatever phase it is: its jobs end, and no candidate becomes a base."""

from collections.abc import Callable

import pytest

from tests.training.api.signing_node import SigningNode, make_maintainer
from tests.training.rounds.playing import decide_all, measure_all, train_all, work
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.jobs.states import ENDED
from training.rounds.conductor import advance
from training.rounds.models import Round
from training.rounds.opening import abandon_round

pytestmark = pytest.mark.django_db
Nodes = list[SigningNode]


def to_evaluating(round_: Round, nodes: Nodes) -> None:
    train_all(round_, nodes)


def to_reviewing(round_: Round, nodes: Nodes) -> None:
    to_evaluating(round_, nodes)
    measure_all(round_, nodes)


def to_merging(round_: Round, nodes: Nodes) -> None:
    to_reviewing(round_, nodes)
    for contribution in Contribution.objects.all():
        for _ in range(round_.quorum):
            decide_contribution(make_maintainer(), contribution, DecisionVerdict.ACCEPT)
    advance(round_.pk)


def to_promoting(round_: Round, nodes: Nodes) -> None:
    round_.rules["merge.leave_one_out"] = 0  # else what is accepted was merged and measured before
    round_.save()
    to_reviewing(round_, nodes)
    decide_all(round_, rejected=nodes[1:])


@pytest.mark.parametrize("reach", [to_evaluating, to_reviewing, to_merging, to_promoting])
def test_it_ends_in_any_phase_and_stays_ended(
    collecting: Round, nodes: Nodes, reach: Callable[[Round, Nodes], None]
):
    reach(collecting, nodes)
    collecting.refresh_from_db()
    assert collecting.state == reach.__name__.removeprefix("to_")
    abandon_round(make_maintainer(), collecting, "The data are disputed.")
    round_ = work(collecting)
    assert (round_.state, round_.candidate.standing) == ("abandoned", "candidate")
    assert {job.state in ENDED for job in round_.jobs.all()} == {True}
    made = round_.result or round_.base
    assert round_.family.checkpoints.latest("number") == made
