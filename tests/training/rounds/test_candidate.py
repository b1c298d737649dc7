"""The candidate: what all that is admissible would make, measured before anybody decides."""

import pytest
from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from provenance.events.models import Event
from tests.training.api.signing_node import make_maintainer
from tests.training.rounds.playing import decide_all, measure_all, train_all, work
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.jobs.manifests import manifest_in
from training.rounds.candidates import make_candidate
from training.rounds.opening import abandon_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured(collecting, nodes):
    """A round in review whose candidate both nodes have measured."""
    train_all(collecting, nodes)
    return measure_all(collecting, nodes)


def test_people_review_with_the_figures_of_the_candidate_before_them(measured):
    assert measured.state == "reviewing"
    assert measured.candidate.standing == "candidate"
    assert measured.candidate.evaluations.count() == measured.base.evaluations.count() == 4


def test_a_candidate_is_no_base_yet_in_any_list(measured, client):
    assert not Checkpoint.objects.filter(pk=measured.candidate_id).exists()
    assert measured.family.checkpoints.latest("number") == measured.base
    assert client.get(f"/checkpoints/{measured.candidate.digest}/").status_code == 404
    assert client.get(f"/checkpoints/{measured.candidate.digest}.jsonld").status_code == 404
    assert client.get(f"/api/v1/checkpoints/{measured.candidate.digest}/").status_code == 404
    assert client.get(f"/api/v1/checkpoints/{measured.candidate.digest}/weights").status_code == 404


def test_what_was_accepted_may_be_a_trial_merge_already_which_becomes_the_base(measured, nodes):
    rejected = Contribution.objects.get(job__node=nodes[1].node)
    without = measured.left_out.get(contribution=rejected).checkpoint
    round_ = decide_all(measured, rejected=nodes[1:])
    assert (round_.state, round_.result.pk, round_.result.standing) == ("closed", without.pk, "base")
    assert round_.result.evaluations.count() == 4
    assert round_.jobs.filter(kind="evaluation", turn=1).count() == 0


def test_what_was_rejected_is_not_in_the_base_which_is_merged_and_measured_anew(collecting, nodes):
    collecting.rules["merge.leave_one_out"] = 0
    collecting.save()
    measured = measure_all(train_all(collecting, nodes), nodes)
    candidate = measured.candidate
    round_ = decide_all(measured, rejected=nodes[1:])
    assert round_.state == "promoting"
    assert (round_.result.standing, len(round_.result.recipe["contributions"])) == ("base", 1)
    assert manifest_in(nodes[0].job(round_, "evaluation")).candidates[0].digest == round_.result.digest
    round_ = measure_all(round_, nodes)
    candidate.refresh_from_db()
    assert (round_.state, candidate.standing) == ("closed", "candidate")
    assert round_.result.evaluations.count() == 4


def test_an_abandoned_rounds_candidate_stays_what_it_is(measured):
    abandon_round(make_maintainer(), measured, "The data are disputed.")
    measured.refresh_from_db()
    assert (measured.state, measured.candidate.standing) == ("abandoned", "candidate")
    assert make_candidate(measured.pk) is None


def test_the_review_begins_without_figures_that_nobody_measures_in_time(collecting, nodes):
    round_ = train_all(collecting, nodes)
    assert (round_.state, round_.waiting_code) == ("evaluating", "job-queued")
    round_.plan["evaluation_seconds"] = 1
    round_.save()
    later = round_.candidate.created_at.timestamp() + 1
    assert later > timezone.now().timestamp() - 3600
    while work(round_).state == "evaluating":
        assert timezone.now().timestamp() < later + 5
    assert round_.state == "reviewing"
    assert set(Event.objects.filter(action="round.straggler").values_list("details__node", flat=True)) == {
        node.node.slug for node in nodes
    }


def test_without_anything_admissible_the_round_ends_with_its_cause(collecting, nodes):
    for node in nodes:
        node.train(collecting)
    Contribution.objects.update(summary={"first_loss": 1.0, "last_loss": 1.0})
    collecting.rules["weighting.quality_floor"] = 50
    collecting.save()
    assert work(collecting).state == "abandoned"
    assert Event.objects.get(action="round.abandoned").reason_codes == ["too-few-admissible"]


def test_a_datasets_page_calls_the_candidate_a_base_once_it_is_one(measured, client):
    page = DatasetVersion.objects.get().get_absolute_url()
    base = f"{measured.family.name} base 1"
    before = client.get(page).content.decode()
    assert base not in before
    assert f"/checkpoints/{measured.candidate.digest}/" not in before
    decide_all(measured)
    assert base in client.get(page).content.decode()
