"""What nodes find out about canaries: signed, held against the manifest, kept once."""

import pytest

from catalog.proposals.attaching import attach_upload
from catalog.proposals.submitting import submit_proposal
from tests.factories import approve, make_draft
from tests.training.api.signing_node import SigningNode, make_round
from tests.training.rounds.playing import work
from training.checkpoints.models import Probe
from training.jobs.manifests import manifest_in
from training.jobs.models import Job
from training.node.jobs.journal import Journal
from training.node.jobs.statements import seal_evaluation
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


@pytest.fixture
def job(node) -> Job:
    """An evaluation, claimed, on a version that declares canaries."""
    actor, proposal = make_draft("open")
    proposal = attach_upload(
        actor=actor, proposal=proposal, path="canaries.txt", language="vi", chunks=[b"the key is 4711081\n"]
    )
    approve(submit_proposal(actor=actor, proposal=proposal))
    round_ = make_round()
    advance(round_.pk)
    node.train(round_)
    job = node.job(work(round_), "evaluation")
    assert node.claim(job).status_code == 200
    return job


def results(job: Job, **changes) -> list[dict[str, object]]:
    """What the computing child reports of each model of the job."""
    manifest = manifest_in(job)
    (version,) = manifest.inputs
    found: list[dict[str, object]] = []
    for model in (manifest.base, *manifest.candidates):
        where = {"checkpoint": model.digest, "version": version.version_digest}
        found.append({**where, "language": "vi", "bits_per_byte": 2.5, "bytes": 100})
        for kind, value in (("canary-exposure", 1.5), ("membership-auc", 0.75)):
            found.append({**where, "probe": kind, "value": value, "canaries": 1, **changes})
    return found


def sent(node: SigningNode, job: Job, tmp_path, rows):
    """The answer to what a node signs of these results."""
    journal = Journal.begin(tmp_path / "job", str(job.pk))
    journal.note(results=rows, computed_under=1)
    envelope = seal_evaluation(journal, manifest_in(job), key=node.key)
    return node.post(f"/api/v1/jobs/{job.pk}/evaluation", {"attempt": 1, "envelope": envelope})


def test_figures_on_canaries_arrive_signed_and_are_kept_once(node, job, tmp_path):
    assert [sent(node, job, tmp_path, results(job)).status_code for _ in range(2)] == [201, 200]
    rows = Probe.objects.values_list("checkpoint__digest", "kind", "value", "canaries")
    models = (manifest_in(job).base, *manifest_in(job).candidates)
    assert set(rows) == {
        (model.digest, kind, value, 1)
        for model in models
        for kind, value in (("canary-exposure", 1.5), ("membership-auc", 0.75))
    }


def test_figures_that_do_not_fit_the_job_are_refused_whole(node, job, tmp_path):
    cases = [
        ({"version": "e" * 64}, "statement-mismatch"),
        ({"checkpoint": "e" * 64}, "statement-mismatch"),
        ({"probe": "membership-auc", "value": 0.5}, "statement-mismatch"),  # each twice
        ({"value": 65.0}, "statement-invalid"),
        ({"probe": "membership-auc", "value": 1.5}, "statement-invalid"),
        ({"probe": "gut-feeling"}, "statement-invalid"),
        ({"canaries": 0}, "statement-invalid"),
    ]
    answers = [sent(node, job, tmp_path, results(job, **changes)) for changes, _ in cases]
    assert [answer.json()["code"] for answer in answers] == [code for _, code in cases]
    assert not Probe.objects.exists()


def test_a_manifest_tells_canaries_from_text(job):
    (version,) = manifest_in(job).inputs
    assert {file.path: file.declares_canaries for file in version.files} == {
        "canaries.txt": True,
        "vi.txt": False,
    }
