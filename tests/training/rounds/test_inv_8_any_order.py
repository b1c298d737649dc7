"""INV-8, INV-5: in whatever order messages come, however often, and whoever dies: one round, one base."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import transaction

from provenance.events.models import Event
from tests.training.api.signing_node import SigningNode, make_maintainer
from tests.training.rounds.playing import decide_all, measure_all, train_all
from training.checkpoints.models import Checkpoint
from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.jobs.models import Job
from training.rounds.candidates import make_candidate
from training.rounds.computing import aggregation_in, compute
from training.rounds.conductor import advance
from training.rounds.merging import merge
from training.rounds.models import Round

pytestmark = pytest.mark.django_db
MOST_STEPS = 400


class Killed(Exception):  # noqa: N818 - named for what is the case
    """The process died before its transaction was committed."""


def do(action: Callable[[], object], *, dies: bool) -> None:
    """Do it; or do it and die, which leaves of it what was on disk and nothing in the database."""
    with suppress(Killed), transaction.atomic():
        action()
        if dies:
            raise Killed


def train(round_: Round, node: SigningNode) -> None:
    if Job.objects.filter(round=round_, node=node.node, state="queued", kind="contributed-cpt").exists():
        node.train(round_, node.node.pk)


def measure(round_: Round, node: SigningNode) -> None:
    if Job.objects.filter(round=round_, node=node.node, state="queued", kind="evaluation").exists():
        node.evaluate(round_)


def check_one(round_: Round) -> None:
    for contribution in Contribution.objects.filter(round=round_, state="received")[:1]:
        check_contribution(contribution.pk)


def accept_one(round_: Round) -> None:
    if Round.objects.get(pk=round_.pk).state != "reviewing":
        return
    for contribution in Contribution.objects.filter(round=round_, state="admitted")[:1]:
        decide_contribution(make_maintainer(), contribution, DecisionVerdict.ACCEPT)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_messages_and_deaths_leads_to_one_base(collecting, nodes, seed):
    choice = random.Random(seed)
    actions = [
        lambda: advance(collecting.pk),
        lambda: make_candidate(collecting.pk),
        lambda: merge(collecting.pk),
        lambda: check_one(collecting),
        lambda: accept_one(collecting),
        *(lambda node=node: train(collecting, node) for node in nodes),
        *(lambda node=node: measure(collecting, node) for node in nodes),
    ]
    for _ in range(MOST_STEPS):
        do(choice.choice(actions), dies=choice.random() < 0.25)
        collecting.refresh_from_db()
        if collecting.ended:
            break
    assert collecting.state == "closed"
    # Base 0, the candidate that is base 1, and what it would be without each of the two.
    assert Checkpoint.measured.filter(family=collecting.family).count() == 4
    merged = Contribution.objects.filter(round=collecting)
    assert set(merged.values_list("state", flat=True)) == {"merged"}
    again = compute(collecting.base, merged.order_by("?"), aggregation_in(collecting, merged))
    assert again.sha256 == collecting.result.weights_sha256


def test_killed_in_each_phase_the_round_goes_on_where_it_was_to_the_same_digest(collecting, nodes):
    made = set()
    for phase in (train_all, measure_all, lambda round_, _: decide_all(round_)):
        with suppress(Killed), transaction.atomic():
            made.add(phase(Round.objects.get(pk=collecting.pk), nodes).candidate.digest)
            raise Killed
        made.add(phase(Round.objects.get(pk=collecting.pk), nodes).candidate.digest)
    collecting.refresh_from_db()
    assert (collecting.state, made) == ("closed", {collecting.result.digest})
    assert Event.objects.filter(action="round.merged").count() == 1
