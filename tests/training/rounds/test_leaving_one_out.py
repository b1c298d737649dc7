"""The merges without each contribution: made and measured with the candidate, let go after the round."""

from contextlib import suppress

import pytest

from provenance.blobs import get_store
from provenance.events.models import Event
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_maintainer, make_round
from tests.training.rounds.playing import decide_all, measure_all, train_all
from training.checkpoints.models import Checkpoint
from training.jobs.manifests import manifest_in
from training.rounds import leaving_one_out
from training.rounds.candidates import make_candidate
from training.rounds.computing import aggregation_in, compute, record_merge
from training.rounds.conductor import advance
from training.rounds.letting_go import drop_trials
from training.rounds.merge_models import LeaveOneOut
from training.rounds.models import Round
from training.rounds.opening import abandon_round
from training.rounds.windows import collected_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def nodes() -> list[SigningNode]:
    make_dataset("open")
    return [SigningNode() for _ in range(3)]


@pytest.fixture
def trained(nodes) -> Round:
    round_ = make_round()
    advance(round_.pk)
    return train_all(round_, nodes)


def test_one_job_a_node_measures_the_candidate_and_what_it_would_be_without_each(trained, nodes):
    made = {row.checkpoint.digest for row in trained.left_out.all()}
    named = manifest_in(nodes[0].job(trained, "evaluation")).candidates
    assert len(made) == 3
    assert {weights.digest for weights in named} == made | {trained.candidate.digest}
    measured = measure_all(trained, nodes)
    counts = {row.checkpoint.evaluations.count() for row in measured.left_out.all()}
    assert counts == {measured.candidate.evaluations.count()} == {3}


def test_each_is_the_merge_of_the_others(trained):
    everything = set(trained.candidate.recipe["contributions"])
    for row in trained.left_out.select_related("checkpoint", "contribution"):
        assert everything - set(row.checkpoint.recipe["contributions"]) == {row.contribution.digest}
    assert Event.objects.get(action="round.candidate-made").details["leftOut"] == 3


def test_inv_8_killed_between_two_of_them_it_goes_on_with_those_that_are_missing(nodes, monkeypatch):
    class Killed(Exception):  # noqa: N818 - named for what is the case
        pass

    merged, once = [], leaving_one_out.record_merge

    def dying(*args, **options):
        if len(merged) == 1:
            merged.append("died")
            raise Killed
        merged.append(once(*args, **options))
        return merged[-1]

    monkeypatch.setattr(leaving_one_out, "record_merge", dying)
    round_ = make_round()
    advance(round_.pk)
    with suppress(Killed):
        train_all(round_, nodes)
    assert (LeaveOneOut.objects.count(), Round.objects.get().candidate) == (1, None)
    assert make_candidate(round_.pk) is not None
    assert (LeaveOneOut.objects.count(), len(merged)) == (3, 4)


def test_there_are_none_where_there_are_more_contributions_than_voted_for(nodes):
    round_ = make_round()
    round_.rules["merge.leave_one_out"] = 2
    round_.save()
    advance(round_.pk)
    train_all(round_, nodes)
    told = Event.objects.get(action="round.candidate-made").details
    assert (told["leftOut"], told["noneLeftOut"]) == (0, "too-many-contributions")


def test_when_the_round_has_ended_the_bytes_of_trials_go_and_those_of_bases_stay(trained, nodes):
    assert drop_trials() == 0
    closed = decide_all(measure_all(trained, nodes))
    assert (drop_trials(), drop_trials()) == (3, 0)
    left = [row.checkpoint for row in closed.left_out.all()]
    assert [get_store().exists(each.weights_sha256) for each in left] == [False] * 3
    assert get_store().exists(closed.result.weights_sha256)
    assert Event.objects.filter(action="checkpoint.bytes-dropped").count() == 3


def test_what_was_dropped_is_computed_again_under_the_same_digest_and_can_become_a_base(trained, nodes):
    abandon_round(make_maintainer(), trained, "Begin again.")
    assert drop_trials() == 4
    row = trained.left_out.select_related("checkpoint").first()
    others = [each for each in collected_in(trained) if each.pk != row.contribution_id]
    computed = compute(trained.base, others, aggregation_in(trained, others))
    again = record_merge(trained.family, trained.base, others, computed, standing=Checkpoint.Standing.BASE)
    assert (again.pk, again.standing, again.weights_dropped_at) == (row.checkpoint_id, "base", None)
    assert get_store().exists(again.weights_sha256)


def test_a_node_that_asks_for_dropped_bytes_reads_why(trained, nodes):
    job = nodes[0].job(trained, "evaluation")
    nodes[0].claim(job)
    Round.objects.filter(pk=trained.pk).update(state="abandoned")
    drop_trials()
    answer = nodes[0].get(f"/api/v1/jobs/{job.pk}/inputs/{trained.candidate.weights_sha256}")
    assert (answer.status_code, answer.json()["code"]) == (404, "bytes-dropped")
