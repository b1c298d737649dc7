"""Another node computes a contribution again: policy says which may, its signature says what came out."""

import hashlib

import pytest

from catalog.members.models import Role
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from provenance.signing.dsse import seal
from provenance.signing.statements import PREDICATE_RE_EXECUTION, Subject, statement
from tests.factories import make_actor, make_dataset, make_member
from tests.training.api.signing_node import SigningNode, delta, make_maintainer, make_round
from tests.training.rounds.playing import measure_all, train_all
from training.contributions.models import Contribution, ReExecution
from training.contributions.re_executing import nodes_for, request_re_execution
from training.jobs.manifests import manifest_in
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


def outcome(by: SigningNode, job, file: bytes, **changes):
    """What the node says under its signature of the file that came out."""
    manifest, sha256 = manifest_in(job), hashlib.sha256(file).hexdigest()
    identical = sha256 == manifest.repeats.weights.sha256
    predicate = {
        "jobId": str(job.pk),
        "attempt": 1,
        "node": by.key.did,
        "manifest": job.manifest_digest,
        "contribution": manifest.repeats.contribution,
        "identical": identical,
        "distance": 0.0 if identical else 0.25,
        "weights": sha256,
        **changes,
    }
    said = statement(
        subjects=[Subject("delta.safetensors", sha256)],
        predicate_type=PREDICATE_RE_EXECUTION,
        predicate=predicate,
    )
    return {"attempt": 1, "envelope": seal(said, key=by.key, key_id=by.key.did)}


@pytest.fixture
def other(in_review) -> SigningNode:
    """A node of another member, that came too late for the round."""
    return SigningNode()


@pytest.fixture
def asked(in_review, other):
    """The job that asks it."""
    job = request_re_execution(make_maintainer(), in_review, other.node)
    assert other.claim(job).status_code == 200
    return job


def test_the_same_training_is_asked_for_again(asked, in_review):
    again, before = manifest_in(asked), manifest_in(in_review.job)
    same = ("base", "inputs", "mixture", "training", "held_out", "family", "teacher", "output")
    assert [getattr(again, name) for name in same] == [getattr(before, name) for name in same]
    assert (again.kind, again.repeats.contribution) == ("re-execution", in_review.digest)
    assert again.node != before.node


def test_the_same_bytes_are_kept_as_the_same(asked, other):
    path, said = f"/api/v1/jobs/{asked.pk}/re-execution", outcome(other, asked, delta(1))
    answers = [other.post(path, said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json() == {"identical": True, "distance": 0.0}
    asked.refresh_from_db()
    assert asked.state == "succeeded"
    assert Event.objects.filter(action="contribution.re-executed").count() == 1


def test_other_bytes_are_kept_with_their_distance(asked, other, in_review):
    other.post(f"/api/v1/jobs/{asked.pk}/re-execution", outcome(other, asked, delta(2)))
    kept = ReExecution.objects.get()
    assert (kept.contribution, kept.identical, kept.distance) == (in_review, False, 0.25)
    assert kept.statement.key_ids == [other.key.did]


@pytest.mark.parametrize(
    ("seed", "changes", "field"),
    [
        (2, {"identical": True}, "identical"),
        (1, {"distance": 0.5}, "distance"),
        (1, {"weights": "0" * 64, "identical": False}, "weights"),
        (1, {"contribution": "0" * 64}, "contribution"),
        (1, {"node": "did:key:z6MkotherOtherOther"}, "node"),
        (1, {"attempt": 2}, "attempt"),
    ],
)
def test_an_outcome_that_contradicts_itself_or_the_job_is_refused(asked, other, seed, changes, field):
    said = outcome(other, asked, delta(seed), **changes)
    response = other.post(f"/api/v1/jobs/{asked.pk}/re-execution", said)
    assert response.json()["code"] == "statement-mismatch"
    assert field in response.json()["fields"]
    assert not ReExecution.objects.exists()


def test_a_second_outcome_does_not_replace_the_first(asked, other):
    path = f"/api/v1/jobs/{asked.pk}/re-execution"
    other.post(path, outcome(other, asked, delta(1)))
    assert other.post(path, outcome(other, asked, delta(2))).json()["code"] == "result-exists"


def test_the_node_may_read_the_update_that_it_compares_with(asked, other, in_review):
    response = other.get(f"/api/v1/jobs/{asked.pk}/inputs/{in_review.weights_sha256}")
    assert b"".join(response.streaming_content) == delta(1)
    assert Event.objects.filter(action="update.read").count() == 1


def test_nobody_is_asked_while_the_round_collects(node, round_):
    SigningNode()
    node.train(round_)
    contribution = Contribution.objects.get()
    with pytest.raises(Conflict) as caught:
        request_re_execution(make_maintainer(), contribution, SigningNode().node)
    assert caught.value.code == "round-collects"


def test_each_node_is_told_with_its_reason(in_review, other, node):
    request_re_execution(make_maintainer(), in_review, other.node)
    late = SigningNode()
    said = {choice.node.slug: choice.code for choice in nodes_for(in_review)}
    assert said == {
        node.node.slug: "own-contribution",
        other.node.slug: "asked-already",
        late.node.slug: "",
    }


def test_one_node_is_asked_once(asked, in_review, other):
    with pytest.raises(Conflict) as caught:
        request_re_execution(make_maintainer(), in_review, other.node)
    assert caught.value.code == "asked-already"


def test_only_a_maintainer_asks(in_review, other):
    with pytest.raises(NotPermitted) as caught:
        request_re_execution(make_actor(make_member(), Role.STEWARD), in_review, other.node)
    assert caught.value.code == "not-a-maintainer"


@pytest.fixture
def of_local_data() -> Contribution:
    """A contribution that was trained on data which never leave their owner's nodes."""
    owner = make_member()
    node = SigningNode(owner)
    make_dataset("local-only", member=owner)
    round_ = make_round()
    advance(round_.pk)
    train_all(round_, [node])
    measure_all(round_, [node])
    return Contribution.objects.get()


def test_inv_2_local_data_are_computed_again_by_their_owner_alone(of_local_data):
    stranger = SigningNode()
    with pytest.raises(NotPermitted, match="never leave the nodes of their owner") as caught:
        request_re_execution(make_maintainer(), of_local_data, stranger.node)
    assert caught.value.code == "no-node-may"
    second = SigningNode(of_local_data.job.node.member)
    with pytest.raises(NotPermitted) as caught:
        request_re_execution(make_maintainer(), of_local_data, stranger.node)
    assert caught.value.code == "not-owner-node"
    assert request_re_execution(make_maintainer(), of_local_data, second.node).state == "queued"


def test_asking_is_kept_in_the_log_with_every_answer_of_the_policy(asked, in_review):
    event = Event.objects.get(action="contribution.re-execution-requested")
    assert event.subject == f"contribution:{in_review.digest}"
    answers = Event.objects.filter(approval=f"contribution:{in_review.digest}")
    assert set(answers.values_list("action", "outcome")) == {("access.dispatch", "allowed")}
