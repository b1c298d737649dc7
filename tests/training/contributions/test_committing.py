"""The node's word binds it before its bytes leave it, and the bytes that come are those of its word."""

import pytest

from provenance.actors import COORDINATOR
from provenance.blobs import get_store
from provenance.errors import Conflict, Invalid
from provenance.events.models import Event
from provenance.lineage.models import Artifact, Statement
from tests.factories import make_dataset
from tests.racing import at_once
from tests.training.api.signing_node import PLAN, SigningNode, delta, make_family, make_round
from training.contributions.models import Contribution
from training.contributions.receiving import deliver_weights
from training.jobs.models import Job
from training.rounds.conductor import advance
from training.rounds.opening import abandon_round

pytestmark = pytest.mark.django_db


def committed(node: SigningNode, round_, weights: bytes, **changes) -> Job:
    job = node.job(round_)
    assert node.claim(job).status_code == 200
    assert node.contribute(job, node.contribution(job, weights, **changes)).status_code == 201
    return job


def actions() -> list[str]:
    found = Event.objects.filter(action__startswith="contribution.").order_by("id")
    return list(found.values_list("action", flat=True))


def test_a_word_without_bytes_ends_nothing(node, round_):
    job = committed(node, round_, delta(1))
    job.refresh_from_db()
    contribution = Contribution.objects.get()
    assert (job.state, contribution.state, contribution.received_at) == ("running", "committed", None)
    assert not Artifact.objects.filter(digest=contribution.digest).exists()


def test_the_same_word_again_changes_nothing(node, round_):
    job = node.job(round_)
    node.claim(job)
    envelope = node.contribution(job, delta(1))
    answers = [node.contribute(job, envelope) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert actions() == ["contribution.committed"]


def test_another_word_takes_the_place_of_the_first_and_both_stay_on_record(node, round_):
    job = committed(node, round_, delta(1))
    assert node.contribute(job, node.contribution(job, delta(2))).status_code == 201
    contribution = Contribution.objects.get()
    assert node.upload(job, delta(1)).json()["code"] == "weights-not-committed"
    assert node.upload(job, delta(2)).json() == {"digest": contribution.digest, "state": "received"}
    assert actions() == ["contribution.committed", "contribution.recommitted", "contribution.received"]
    assert Statement.objects.filter(predicate_type__contains="contribution").count() == 2


def test_bytes_that_nobody_committed_to_are_refused(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert node.upload(job, delta(1)).json()["code"] == "commitment-missing"
    with pytest.raises(Conflict, match="committed"):
        deliver_weights(node.node, job, 1, get_store().put([delta(1)]))


def test_other_bytes_than_those_of_the_word_are_refused(node, round_):
    job = committed(node, round_, delta(1))
    with pytest.raises(Invalid) as caught:
        deliver_weights(node.node, job, 1, get_store().put([delta(2)]))
    assert caught.value.code == "weights-not-committed"


def test_delivery_ends_the_job_and_draws_the_lineage(node, round_):
    job = committed(node, round_, delta(1))
    assert node.upload(job, delta(1)).status_code == 200
    job.refresh_from_db()
    contribution = Contribution.objects.get()
    assert (job.state, contribution.state) == ("succeeded", "received")
    assert contribution.received_at > contribution.committed_at
    snapshot = Artifact.objects.get(digest=contribution.digest).snapshot
    assert (snapshot["round"], snapshot["staleness"], snapshot["codec"]) == (round_.pk, 0, "fp32")


def test_what_a_distillation_learned_from_is_in_the_lineage(node):
    make_dataset("open")
    teacher = make_family(seed=8).checkpoints.get()
    round_ = make_round(plan=PLAN.model_copy(update={"teacher": teacher.digest}))
    advance(round_.pk)
    job = node.job(round_, "distillation")
    node.claim(job)
    node.contribute(job, node.contribution(job, delta(1)))
    assert node.upload(job, delta(1)).json()["state"] == "received"
    source = Artifact.objects.get(digest=Contribution.objects.get().digest)
    used = source.edges_out.filter(relation="used").values_list("target__digest", flat=True)
    assert {teacher.digest, round_.base.digest} < set(used)


def test_after_the_delivery_the_word_is_final(node, round_):
    node.train(round_)
    response = node.contribute(node.job(round_), node.contribution(node.job(round_), delta(2)))
    assert (response.status_code, response.json()["code"]) == (409, "contribution-exists")


def test_a_later_attempt_delivers_what_an_earlier_one_computed(node, round_):
    job = committed(node, round_, delta(1))
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)
    assert node.claim(job).json()["attempt"] == 2
    assert node.upload(job, delta(1), attempt=1).json()["code"] == "attempt-stale"
    assert node.upload(job, delta(1), attempt=2).json()["state"] == "received"


def test_a_later_attempt_commits_to_what_an_earlier_one_signed(node, round_):
    job = node.job(round_)
    node.claim(job)
    envelope = node.contribution(job, delta(1), attempt=1)
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)
    node.claim(job)
    assert node.contribute(job, envelope, attempt=2).status_code == 201


def test_a_commitment_whose_job_is_cancelled_is_withdrawn_for_that_cause(node, round_):
    job = committed(node, round_, delta(1))
    abandon_round(COORDINATOR, round_, "The power is out.")
    assert Contribution.objects.get().state == "withdrawn"
    told = Event.objects.get(action="contribution.withdrawn")
    assert (told.reason_codes, told.details["cause"]) == (["round-abandoned"], "The power is out.")
    assert node.upload(job, delta(1)).json()["code"] == "attempt-stale"


@pytest.mark.django_db(transaction=True)
def test_inv_8_two_deliveries_at_once_are_one(node, round_):
    job = committed(node, round_, delta(1))
    blob = get_store().put([delta(1)])
    results = at_once(*[lambda: deliver_weights(node.node, job, 1, blob)] * 2)
    assert [result.state for result in results] == ["received", "received"]
    assert actions().count("contribution.received") == 1
    advance(round_.pk)


@pytest.mark.django_db(transaction=True)
def test_inv_8_a_delivery_and_a_cancellation_at_once_leave_one_ending(node, round_):
    job = committed(node, round_, delta(1))
    Job.objects.filter(pk=job.pk).update(state="queued", lease_until=None)
    node.claim(job)
    blob = get_store().put([delta(1)])
    at_once(
        lambda: deliver_weights(node.node, job, 2, blob).state,
        lambda: abandon_round(COORDINATOR, round_, "The power is out.").state,
    )
    job.refresh_from_db()
    ending = (job.state, Contribution.objects.get().state)
    assert ending in {("succeeded", "received"), ("cancelled", "withdrawn")}
