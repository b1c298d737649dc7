"""One job from its id to its signed result: the only way in, for attached and sovereign nodes alike."""

import logging
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from provenance.signing.dsse import countersign
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


def run_job(home: NodeHome, job_id: str) -> str:
    """Do one job and return how it ended: succeeded, refused, failed, gone, or retry.

    A message carries only the id; everything else comes through the API, signed and checked. A repeated
    message is harmless: the claim is a compare-and-swap on the coordinator's side (INV-8).
    """
    coordinator = Coordinator(url=home.config.coordinator, key=home.key)
    try:
        envelope = coordinator.get(f"/api/v1/jobs/{job_id}/manifest")
        manifest = _accepted(home, envelope)
        signed = countersign(envelope, key=home.key, key_id=home.key.did)
        claim = coordinator.post(f"/api/v1/jobs/{job_id}/claim", {"envelope": signed})
    except Gone as error:
        return _gone(job_id, error)
    except (Refused, SetupError) as error:
        return _refuse(coordinator, job_id, error)
    attempt = int(claim["attempt"])
    try:
        _perform(home, coordinator, manifest, attempt=attempt, lease=float(claim["lease_seconds"]))
    except Gone as error:
        return _gone(job_id, error)
    except Refused as error:
        return _refuse(coordinator, job_id, error)
    except NodeError as error:
        logger.warning("job %s attempt %d: %s: %s", job_id, attempt, error.code, error)
        _fail(coordinator, job_id, attempt, error)
        return "retry" if error.retry else "failed"
    logger.info("job %s attempt %d succeeded", job_id, attempt)
    return "succeeded"


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


def _perform(
    home: NodeHome, coordinator: Coordinator, manifest: JobManifest, *, attempt: int, lease: float
) -> None:
    job = str(manifest.job_id)
    workspace = home.workspace(job)
    heartbeat = Heartbeat(coordinator=coordinator, job=job, attempt=attempt, lease=lease)
    try:
        heartbeat.phase("fetching")
        request = Request(
            architecture=manifest.family.architecture.model_dump(),
            weights=gather_weights(manifest, home=home, coordinator=coordinator),
            files=gather(manifest, home=home, coordinator=coordinator),
            held_out=manifest.held_out,
            training=manifest.training,
            threads=home.config.threads,
        )
        request.write(workspace)
        module = "trainer" if manifest.kind == CONTRIBUTED_CPT else "evaluator"
        _compute(module, workspace, manifest=manifest, heartbeat=heartbeat, threads=home.config.threads)
        _deliver(home, coordinator, manifest, heartbeat=heartbeat, attempt=attempt, workspace=workspace)
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def _compute(
    module: str, workspace: Path, *, manifest: JobManifest, heartbeat: Heartbeat, threads: int
) -> None:
    limits = manifest.limits
    with Child(
        module=module,
        workspace=workspace,
        seconds=limits.seconds,
        memory=limits.memory_bytes,
        threads=threads,
    ) as child:
        for report in child.reports(tick=heartbeat.interval / 2):
            if stopping.is_set():
                raise Interrupted("node-stopping", "this node is shutting down")
            heartbeat.take(report)


def _deliver(
    home: NodeHome,
    coordinator: Coordinator,
    manifest: JobManifest,
    *,
    heartbeat: Heartbeat,
    attempt: int,
    workspace: Path,
) -> None:
    path = f"/api/v1/jobs/{manifest.job_id}"
    if manifest.kind == CONTRIBUTED_CPT:
        heartbeat.phase("uploading")
        delta = workspace / DELTA
        digest, size = hash_file(delta)
        coordinator.put_file(f"{path}/weights?attempt={attempt}", delta)
        envelope = seal_contribution(
            manifest,
            key=home.key,
            attempt=attempt,
            sha256=digest.hex(),
            size=size,
            report=heartbeat.results[0],
        )
        coordinator.post(f"{path}/contribution", {"attempt": attempt, "envelope": envelope})
        return
    heartbeat.phase("reporting")
    envelope = seal_evaluation(manifest, key=home.key, attempt=attempt, results=heartbeat.results)
    coordinator.post(f"{path}/evaluation", {"attempt": attempt, "envelope": envelope})


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


def _fail(coordinator: Coordinator, job_id: str, attempt: int, error: NodeError) -> None:
    body = {"attempt": attempt, "code": error.code, "detail": str(error)[:400], "retry": error.retry}
    try:
        coordinator.post(f"/api/v1/jobs/{job_id}/failure", body)
    except NodeError as again:
        logger.warning("job %s: the failure could not be reported: %s", job_id, again)
