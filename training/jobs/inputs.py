"""Handing a node the bytes that its manifest names: models, tokenizer and files, and no other blob."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from catalog.policy import Operation, decide
from catalog.policy.services import record_decision
from provenance.errors import Conflict, NotFound, NotPermitted
from training.checkpoints.models import Checkpoint
from training.jobs.claims import locked_job
from training.jobs.dispatching import record_job_event
from training.jobs.manifests import manifest_in
from training.jobs.models import Job
from training.jobs.states import JobState
from training.jobs.watching import JobWatch
from training.manifest import JobManifest
from training.manifest.kinds import Kind
from training.manifest.parts import Access, InputVersion
from training.nodes.models import Node
from training.rounds.windows import are_bytes_readable


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to read one blob now: its sha256 (hex), its size in bytes, and who watches over the read.

    ``to_its_end``: once allowed, nobody has to be able to end it, so that the store itself may serve it. Data
    are never read so: a withdrawal ends their reads before the next byte (DM:17).
    """

    sha256: str
    bytes: int
    watch: JobWatch
    to_its_end: bool = False


@transaction.atomic
def open_input(node: Node, job: Job, sha256: str) -> Grant | NotPermitted:
    """Allow one read of an input while the node holds the job; every read is an event (DM:5).

    A no of the policy is returned and not raised, so that its event outlives this transaction; the caller
    raises it. Bases are for every node alike (equal redistribution), so no policy is asked about them.

    Raises:
        NotFound: the job is another node's, or its manifest does not name these bytes for pulling, or
            ``bytes-dropped``.
        Conflict: ``lease-not-valid``, when the job is not running or nothing was heard of its worker.
    """
    job = locked_job(node, job)
    if job.state != JobState.RUNNING or job.lease_until is None or job.lease_until < timezone.now():
        raise Conflict("This job is not running under a valid lease.", code="lease-not-valid")
    manifest = manifest_in(job)
    for named in _beside_data(job, manifest):
        if named.sha256 == sha256:
            _refuse_dropped(named)
            record_job_event(job, named.action, actor=node.actor, details={named.what: named.digest})
            return Grant(sha256, named.bytes, JobWatch(job), to_its_end=True)
    refusal: NotPermitted | None = None
    for version in manifest.inputs:
        for file in version.files:
            if file.sha256 == sha256 and file.access is Access.PULL:
                refusal = _refusal(node, job, version)
                if refusal is None:
                    return Grant(sha256, file.bytes, JobWatch(job, version_digest=version.version_digest))
    if refusal is None:
        raise NotFound("The job's manifest does not name these bytes.", code="input-unknown")
    return refusal


@dataclass(frozen=True, slots=True)
class _Named:
    """Bytes that are no data of a member, and how the log calls a read of them."""

    sha256: str
    bytes: int
    digest: str
    what: str
    action: str


def _beside_data(job: Job, manifest: JobManifest) -> Iterator[_Named]:
    taught = [manifest.teacher.weights] if manifest.teacher else []
    for weights in (manifest.base, *manifest.candidates, *taught):
        yield _Named(weights.sha256, weights.bytes, weights.digest, "checkpoint", "base.read")
    tokenizer = manifest.family.tokenizer
    if tokenizer != "bytes":
        yield _Named(tokenizer.sha256, tokenizer.bytes, tokenizer.sha256, "tokenizer", "tokenizer.read")
    if manifest.repeats and job.subject and are_bytes_readable(job.subject.round):
        update = manifest.repeats.weights
        yield _Named(update.sha256, update.bytes, update.digest, "contribution", "update.read")


def _refuse_dropped(named: _Named) -> None:
    """A trial merge that came to nothing loses its bytes when its round has ended."""
    dropped = Checkpoint.measured.filter(digest=named.digest, weights_dropped_at__isnull=False)
    if named.what == "checkpoint" and dropped.exists():
        raise NotFound(
            "The bytes of this checkpoint were dropped: it never became a base.",
            code="bytes-dropped",
            remedy="Compute them again from its recipe.",
        )


def _refusal(node: Node, job: Job, version: InputVersion) -> NotPermitted | None:
    """Ask policy again, at the time of the read: a withdrawal blocks access at once (DM:17)."""
    current = DatasetVersion.objects.select_related("dataset__member").get(digest=version.version_digest)
    decision = decide(
        actor=node.actor,
        operation=Operation.SERVE_TO_NODE,
        version_or_facts=current,
        purpose=Kind(job.kind).purpose,
        place=node.jurisdiction,
    )
    record_decision(
        actor=node.actor, decision=decision, job=job.pk, approval=f"manifest:{job.manifest_digest}"
    )
    if decision.allowed:
        return None
    return NotPermitted(
        f"Policy {decision.policy_version} does not allow this read: {', '.join(decision.reason_codes)}.",
        code=decision.reason_codes[0],
        requirement="DM:11",
    )
