"""A private build: the member's own training on its own data, of which nothing leaves the machine.

It runs from the same manifest and the same trainer as a job of a round; the node signs the manifest itself,
needs nobody for it, and goes on after any death where its journal stands.
"""

import json
import threading
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from provenance.signing.dsse import seal
from provenance.signing.statements import PREDICATE_SLSA_PROVENANCE, Subject, statement
from training.manifest import JobManifest, seal_manifest
from training.merge import MergeError, merge
from training.node.client import Coordinator
from training.node.durable import only_one, write_whole
from training.node.errors import Interrupted, JobError, NodeError
from training.node.home import NodeHome
from training.node.jobs.arrows import DELTA, clear
from training.node.jobs.computing import Attend, compute
from training.node.jobs.inputs import request_of
from training.node.jobs.journal import Journal, Step
from training.node.policy.local_policy import check_bounds, load_policy
from training.node.private.build_bases import MODEL, file_of, find_base, keep_files, read_files
from training.node.private.build_plans import BuildPlan, manifest_of

PROVENANCE: Final = "provenance.json"
REPORT: Final = "report.json"
BUILD_TYPE: Final = "urn:tapestry:private-build:v2"


def begin_build(home: NodeHome, plan: BuildPlan) -> Journal:
    """Write and sign the manifest of a new build, and its journal.

    Raises:
        Refused: what the policy forbids also here, what the manifest's rules say, or a base that is not here.
    """
    start = find_base(home, plan.base)
    config = home.config
    manifest = manifest_of(plan, start=start, data=home.data, node=home.key.did, member=config.member)
    check_bounds(manifest, load_policy(home.policy_file))
    envelope = seal_manifest(manifest, key=home.key, key_id=home.key.did)
    job = str(manifest.job_id)
    journal = Journal.begin(home.builds / job, job, kind=manifest.kind)
    keep_files(journal.folder, start.files)
    journal.keep_manifest(envelope, kind=manifest.kind)
    journal.reach(Step.FETCHED)
    return journal


def continue_build(home: NodeHome, journal: Journal, *, attend: Attend, stopping: threading.Event) -> None:
    """Take a build to its end, from where its journal stands; one at a time, jobs of rounds included.

    Raises:
        NodeError: why it stopped; it may be continued.
    """

    def attending(report: dict[str, Any] | None) -> None:
        if stopping.is_set():
            raise Interrupted("node-stopping", "the build was interrupted")
        attend(report)

    manifest, files = journal.manifest, read_files(journal.folder)
    with only_one(home.folder / "computing.lock", wait=True):
        if journal.step.rank < Step.COMPUTED.rank:
            request = request_of(
                manifest,
                home=home,
                pull=lambda sha256, _: file_of(files, sha256),
                processes=home.config.processes,
            )
            compute(home, journal, manifest, request, attend=attending, counted=False)
        _finish(home, journal, manifest, files)


def _finish(home: NodeHome, journal: Journal, manifest: JobManifest, files: dict[str, Path]) -> None:
    """Add the update to the base, sign where the model comes from, and let the work files go."""
    folder = journal.folder
    try:
        update = {journal.job: folder / DELTA}
        made = merge(file_of(files, manifest.base.sha256), update, folder / MODEL, evidence=False)
    except MergeError as error:
        raise JobError(error.code, str(error)) from None
    envelope = _provenance(home, journal, manifest, sha256=made.sha256)
    write_whole(folder / PROVENANCE, json.dumps(envelope, indent=1) + "\n")
    if said := report_of(home, journal, manifest):
        write_whole(folder / REPORT, json.dumps(said) + "\n")
    journal.close("succeeded", said=made.sha256)
    clear(folder)


def _provenance(home: NodeHome, journal: Journal, manifest: JobManifest, *, sha256: str) -> dict[str, Any]:
    """SLSA provenance of the model: from which base and data, under which manifest, on which node."""
    used = [{"name": "base", "digest": {"sha256": manifest.base.sha256}}]
    used += [
        {"name": f"{entry.dataset}@{entry.version}", "digest": {"sha256": entry.version_digest}}
        for entry in manifest.inputs
    ]
    parameters = {"kind": str(manifest.kind), "manifest": journal.manifest_digest}
    predicate = {
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": parameters,
            "resolvedDependencies": used,
        },
        "runDetails": {
            "builder": {"id": manifest.node},
            "metadata": {
                "invocationId": journal.job,
                "startedOn": journal.since.astimezone(UTC).isoformat(),
                "finishedOn": journal.moved.astimezone(UTC).isoformat(),
            },
        },
    }
    said = statement(
        subjects=[Subject(MODEL, sha256)], predicate_type=PREDICATE_SLSA_PROVENANCE, predicate=predicate
    )
    return seal(said, key=home.key_named(manifest.node) or home.key, key_id=manifest.node)


def report_of(home: NodeHome, journal: Journal, manifest: JobManifest) -> dict[str, Any]:
    """Return what the coordinator hears of a build: what the policy's ``report`` names, else nothing."""
    asked = set(load_policy(home.policy_file).report)
    if not asked:
        return {}
    result = journal.results[0] if journal.results else {}
    figures = {
        "state": "succeeded",
        "steps": manifest.training.steps,
        "tokens": result.get("tokens"),
        "seconds": round(journal.spent.seconds, 1),
        "joules": journal.spent.joules or None,
        "last_loss": result.get("last_loss"),
    }
    said = {name: value for name, value in figures.items() if name in asked and value is not None}
    body: dict[str, Any] = {"key": journal.job, "said": said}
    if "kind" in asked:
        body["kind"] = str(manifest.kind)
    if "base" in asked and manifest.base.digest != manifest.base.sha256:
        body["base"] = manifest.base.digest
    return body


def send_reports(home: NodeHome) -> int:
    """Send the reports that wait; return how many still do, because the coordinator is away."""
    waiting = sorted(home.builds.glob(f"*/{REPORT}"))
    if not waiting:
        return 0
    with closing(Coordinator.of(home, patience=2)) as coordinator:
        for path in waiting:
            try:
                coordinator.post("/api/v1/node/builds", json.loads(path.read_text(encoding="utf-8")))
            except NodeError:
                continue
            path.rename(path.with_name("reported.json"))
    return sum(path.exists() for path in waiting)
