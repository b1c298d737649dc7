"""One round from its opening to the next base, through the same doors as real nodes and maintainers."""

import pytest

from provenance.events.models import Event
from provenance.lineage.models import Artifact, Edge
from tests.training.rounds.playing import decide_all, measure_all, train_all
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.rounds.candidates import make_candidate
from training.rounds.conductor import advance
from training.rounds.merging import merge
from training.rounds.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(collecting, nodes) -> Round:
    train_all(collecting, nodes)
    measure_all(collecting, nodes)
    return decide_all(collecting)


def test_a_round_ends_with_the_next_base(closed):
    assert closed.state == "closed"
    assert closed.closed_at is not None
    assert closed.result.number == 1
    assert closed.result.parent == closed.base
    assert set(Contribution.objects.values_list("state", flat=True)) == {"merged"}


def test_inv_5_where_all_was_accepted_the_candidate_is_the_base_under_the_same_digest(closed):
    made = Event.objects.get(action="round.candidate-made").outputs
    assert closed.result == closed.candidate
    assert (made[0], closed.result.standing) == (closed.result.digest, "base")
    assert set(made[1:]) == {row.checkpoint.digest for row in closed.left_out.all()}
    assert Checkpoint.objects.filter(family=closed.family).count() == 2
    assert closed.jobs.filter(kind="evaluation", turn=1).count() == 0


def test_inv_4_the_base_reaches_its_dataset_versions_through_signed_edges(closed):
    reached, frontier = set(), {closed.result.digest}
    while frontier:
        edges = Edge.objects.filter(source__digest__in=frontier)
        frontier = set(edges.values_list("target__digest", flat=True)) - reached
        reached |= frontier
    kinds = set(Artifact.objects.filter(digest__in=reached).values_list("kind", flat=True))
    assert kinds == {"contribution", "manifest", "checkpoint", "dataset-version"}


def test_inv_3_each_state_of_the_round_is_in_the_log(closed):
    said = Event.objects.filter(subject=f"round:{closed.pk}").order_by("id").values_list("action", flat=True)
    assert [action for action in said if action not in ("checkpoint.evaluated", "round.waiting")] == [
        "round.opened",
        "round.distributing",
        "round.collecting",
        "round.evaluating",
        "round.candidate-made",
        "round.reviewing",
        "round.merging",
        "round.merged",
        "round.closed",
    ]


def test_each_cause_for_which_it_waited_is_in_the_log(closed):
    waits = Event.objects.filter(action="round.waiting").order_by("id")
    codes = [code for codes in waits.values_list("reason_codes", flat=True) for code in codes]
    assert codes == ["job-queued", "admission", "candidate", "job-queued", "decisions", "merge"]
    assert (closed.waiting_code, closed.waiting_since) == ("", None)


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
    assert (make_candidate(closed.pk), merge(closed.pk)) == (None, None)
    assert Event.objects.count() == before
