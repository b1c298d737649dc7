"""One job from its id to its signed result: the only way in, for attached and sovereign nodes alike."""

import logging
import shutil
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from provenance.signing.dsse import countersign, payload_digest
from provenance.signing.errors import SigningError
from training.manifest import JobManifest, ManifestError, open_manifest
from training.node import trust
from training.node.child import Child
from training.node.client import Coordinator, hash_file
from training.node.errors import Gone, Interrupted, NodeError, Refused, SetupError
from training.node.heartbeat import Heartbeat
from training.node.home import NodeHome
from training.node.inputs import gather, gather_weights
from training.node.local_policy import check, load_policy
from training.node.request import Request
from training.node.statements import seal_contribution, seal_evaluation
from training.node.trainer import DELTA

logger = logging.getLogger(__name__)

CONTRIBUTED_CPT: Final = "contributed-cpt"
stopping = threading.Event()
"""Set when this node is asked to end: the running job gives its place back and may run again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A job that is ours: what was agreed, under which digest, and for how long at a time (seconds)."""

    home: NodeHome
    coordinator: Coordinator
    manifest: JobManifest
    manifest_digest: str
    attempt: int
    lease: float

    @property
    def path(self) -> str:
        """The job's address in the API."""
        return f"/api/v1/jobs/{self.manifest.job_id}"

    @property
    def trains(self) -> bool:
        """Whether it makes a weight update; the others measure."""
        return self.manifest.kind == CONTRIBUTED_CPT


def run_job(home: NodeHome, job_id: str) -> str:
    """Do one job and return how it ended: succeeded, refused, failed, gone, or retry.

    A message carries only the id; everything else comes through the API, signed and checked. A repeated
    message is harmless: the claim is a compare-and-swap on the coordinator's side (INV-8).
    """
    with closing(Coordinator(url=home.config.coordinator, key=home.key, stopping=stopping)) as coordinator:
        return _run(home, coordinator, job_id)


def _run(home: NodeHome, coordinator: Coordinator, job_id: str) -> str:
    try:
        work = _claim(home, coordinator, job_id)
    except Gone as error:
        return _gone(job_id, error)
    except (Refused, SetupError) as error:
        return _refuse(coordinator, job_id, error)
    try:
        _perform(work)
    except Gone as error:
        return _gone(job_id, error)
    except Refused as error:
        return _refuse(coordinator, job_id, error)
    except NodeError as error:
        logger.warning("job %s attempt %d: %s: %s", job_id, work.attempt, error.code, error)
        _fail(work, error)
        return "retry" if error.retry else "failed"
    logger.info("job %s attempt %d succeeded", job_id, work.attempt)
    return "succeeded"


def _claim(home: NodeHome, coordinator: Coordinator, job_id: str) -> Work:
    envelope = coordinator.get(f"/api/v1/jobs/{job_id}/manifest")
    manifest = _accepted(home, envelope)
    signed = countersign(envelope, key=home.key, key_id=home.key.did)
    claim = coordinator.post(f"/api/v1/jobs/{job_id}/claim", {"envelope": signed})
    return Work(
        home=home,
        coordinator=coordinator,
        manifest=manifest,
        manifest_digest=payload_digest(envelope),
        attempt=int(claim["attempt"]),
        lease=float(claim["lease_seconds"]),
    )


def _accepted(home: NodeHome, envelope: dict[str, Any]) -> JobManifest:
    """Open the manifest with the pinned key and hold it against this node's own policy.

    Raises:
        Refused: with the manifest's or the policy's code.
    """
    key = trust.pinned(home)
    signers = {str(item.get("keyid")): key for item in envelope.get("signatures", [])[:1]}
    try:
        manifest = open_manifest(envelope, keys=signers, now=datetime.now(UTC), node_did=home.key.did)
    except (ManifestError, SigningError) as error:
        raise Refused(error.code, str(error)) from None
    check(manifest, load_policy(home.policy_file))
    return manifest


def _perform(work: Work) -> None:
    workspace = work.home.workspace(str(work.manifest.job_id))
    beating = Heartbeat(
        coordinator=work.coordinator, path=f"{work.path}/heartbeat", attempt=work.attempt, lease=work.lease
    )
    try:
        with beating as heartbeat:
            heartbeat.phase("fetching")
            _request(work).write(workspace)
            _compute(work, workspace, heartbeat)
            (_deliver_weights if work.trains else _deliver_measurements)(work, workspace, heartbeat)
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def _request(work: Work) -> Request:
    manifest, home, coordinator = work.manifest, work.home, work.coordinator
    return Request(
        architecture=manifest.family.architecture.model_dump(),
        weights=gather_weights(manifest, home=home, coordinator=coordinator),
        files=gather(manifest, home=home, coordinator=coordinator),
        held_out=manifest.held_out,
        training=manifest.training,
        threads=home.config.threads,
    )


def _compute(work: Work, workspace: Path, heartbeat: Heartbeat) -> None:
    limits = work.manifest.limits
    with Child(
        module="trainer" if work.trains else "evaluator",
        workspace=workspace,
        seconds=limits.seconds,
        memory=limits.memory_bytes,
        threads=work.home.config.threads,
    ) as child:
        for report in child.reports(tick=heartbeat.interval / 2):
            if stopping.is_set():
                raise Interrupted("node-stopping", "this node is shutting down")
            heartbeat.take(report)


def _deliver_weights(work: Work, workspace: Path, heartbeat: Heartbeat) -> None:
    heartbeat.phase("uploading")
    delta = workspace / DELTA
    digest, size = hash_file(delta)
    work.coordinator.put_file(f"{work.path}/weights?attempt={work.attempt}", delta)
    envelope = seal_contribution(
        work.manifest,
        key=work.home.key,
        attempt=work.attempt,
        manifest_digest=work.manifest_digest,
        sha256=digest.hex(),
        size=size,
        report=heartbeat.results[0],
    )
    work.coordinator.post(f"{work.path}/contribution", {"attempt": work.attempt, "envelope": envelope})


def _deliver_measurements(work: Work, _: Path, heartbeat: Heartbeat) -> None:
    heartbeat.phase("reporting")
    envelope = seal_evaluation(
        work.manifest, key=work.home.key, attempt=work.attempt, results=heartbeat.results
    )
    work.coordinator.post(f"{work.path}/evaluation", {"attempt": work.attempt, "envelope": envelope})


def _gone(job_id: str, error: Gone) -> str:
    logger.info("job %s is not ours any more: %s", job_id, error.code)
    return "gone"


def _refuse(coordinator: Coordinator, job_id: str, error: NodeError) -> str:
    logger.warning("job %s refused: %s: %s", job_id, error.code, error)
    body = {"code": error.code, "detail": str(error)[:400]}
    try:
        coordinator.post(f"/api/v1/jobs/{job_id}/refuse", body)
    except Gone as gone:
        return _gone(job_id, gone)
    return "refused"


def _fail(work: Work, error: NodeError) -> None:
    body = {
        "attempt": work.attempt,
        "code": error.code,
        "detail": str(error)[:400],
        "retry": error.retry,
    }
    try:
        work.coordinator.post(f"{work.path}/failure", body)
    except NodeError as again:
        logger.warning("job %s: the failure could not be reported: %s", work.manifest.job_id, again)
