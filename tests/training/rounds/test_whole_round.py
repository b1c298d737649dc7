"""One round from its opening to the next base, through the same doors as real nodes and maintainers."""

import pytest

from provenance.events.models import Event
from provenance.lineage.models import Artifact, Edge
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_maintainer, make_round
from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.rounds.conductor import advance
from training.rounds.merging import merge
from training.rounds.models import Round

pytestmark = pytest.mark.django_db


def accept_all(round_: Round) -> None:
    for contribution in Contribution.objects.filter(round=round_):
        check_contribution(contribution.pk)
        for _ in range(round_.quorum):
            decide_contribution(make_maintainer(), contribution, DecisionVerdict.ACCEPT)


@pytest.fixture
def closed() -> Round:
    make_dataset("open", texts={"vi": b"m\xe1\xbb\x99t\n", "fr": b"deux\n"})
    nodes = [SigningNode(), SigningNode()]
    round_ = make_round()
    advance(round_.pk)
    for seed, node in enumerate(nodes, 1):
        assert node.train(round_, seed).status_code == 201
    advance(round_.pk)
    accept_all(round_)
    advance(round_.pk)
    merge(round_.pk)
    advance(round_.pk)
    for node in nodes:
        assert node.evaluate(round_).status_code == 201
    advance(round_.pk)
    round_.refresh_from_db()
    return round_


def test_a_round_ends_with_the_next_base(closed):
    assert closed.state == "closed"
    assert closed.closed_at is not None
    assert closed.result.number == 1
    assert closed.result.parent == closed.base
    assert set(Contribution.objects.values_list("state", flat=True)) == {"merged"}


def test_inv_4_the_base_reaches_its_dataset_versions_through_signed_edges(closed):
    reached, frontier = set(), {closed.result.digest}
    while frontier:
        edges = Edge.objects.filter(source__digest__in=frontier)
        frontier = set(edges.values_list("target__digest", flat=True)) - reached
        reached |= frontier
    kinds = set(Artifact.objects.filter(digest__in=reached).values_list("kind", flat=True))
    assert kinds == {"contribution", "manifest", "checkpoint", "dataset-version"}


def test_inv_3_each_state_of_the_round_is_in_the_log(closed):
    said = list(
        Event.objects.filter(subject=f"round:{closed.pk}").order_by("id").values_list("action", flat=True)
    )
    assert [action for action in said if action != "checkpoint.evaluated"] == [
        "round.opened",
        "round.distributing",
        "round.collecting",
        "round.evaluating",
        "round.reviewing",
        "round.merging",
        "round.merged",
        "round.closed",
    ]


def test_inv_3_each_merged_contribution_is_in_the_log(closed):
    merged = {
        f"contribution:{digest}"
        for digest in Contribution.objects.filter(state="merged").values_list("digest", flat=True)
    }
    told = Event.objects.filter(action="contribution.merged", outputs=[closed.result.digest])
    assert merged
    assert sorted(told.values_list("subject", flat=True)) == sorted(merged)


def test_parent_and_result_are_measured_on_the_same_text(closed):
    measured = closed.result.evaluations.values_list("language", "version_id")
    assert sorted(measured) == sorted(closed.base.evaluations.values_list("language", "version_id"))
    assert measured.count() == 4


def test_another_look_at_a_closed_round_changes_nothing(closed):
    before = Event.objects.count()
    advance(closed.pk)
    assert merge(closed.pk) is None
    assert Event.objects.count() == before
