"""The steps of a job, each a function that takes a journal one step on and may be called again."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from training.manifest import CONTRIBUTES, Kind
from training.node.errors import JobError
from training.node.jobs.computing import compute
from training.node.jobs.inputs import puller, request_of
from training.node.jobs.journal import Encoded, Step
from training.node.jobs.statements import seal_contribution, seal_evaluation, seal_re_execution
from training.node.jobs.updates import keep_update
from training.node.jobs.work import Work
from training.node.learning.request import Request
from training.node.machine import accelerators
from training.node.policy.budgets import Ledger

DELTA: Final = "delta.safetensors"
UPDATE: Final = "update.safetensors"
"""The update in the round's codec: what is signed, sent, reviewed and merged."""


def fetch(work: Work) -> None:
    """Bring every file of the job to this machine."""
    _phase(work, "fetching")
    _request(work)
    work.journal.reach(Step.FETCHED)


def run(work: Work) -> None:
    """Compute, from the newest checkpoint where there is one; the files are looked at again."""
    compute(work.home, work.journal, work.manifest, _request(work), attend=work.attend)


def encode_update(work: Work) -> None:
    """Encode the update, before it is signed."""
    if not work.kind.trains:
        sign(work)
        return
    from training.codecs import encode

    _phase(work, "encoding")
    folder = work.journal.folder
    done = encode(folder / DELTA, folder / UPDATE, work.manifest.training.codec)
    work.journal.reach(Step.ENCODED, encoded=Encoded(sha256=done.sha256, bytes=done.bytes, error=done.error))


def sign(work: Work) -> None:
    """Sign what was found, under the key that the manifest names."""
    journal = work.journal
    if work.kind in CONTRIBUTES:
        statement = seal_contribution(journal, work.manifest, key=work.key)
    elif work.kind is Kind.RE_EXECUTION:
        statement = seal_re_execution(journal, work.manifest, key=work.key, distance=_distance(work))
    else:
        statement = seal_evaluation(journal, work.manifest, key=work.key)
    journal.reach(Step.SIGNED, statement=statement)
    for name in ("checkpoints", "hf"):
        shutil.rmtree(journal.folder / name, ignore_errors=True)


def commit(work: Work) -> None:
    """Send the signed word, before any of the bytes; of what only measures it is all there is to send."""
    _phase(work, "reporting")
    journal = work.journal
    body = {"attempt": journal.attempt, "envelope": journal.statement}
    if work.kind in CONTRIBUTES:
        work.coordinator.post(f"{work.path}/contribution", body)
        journal.reach(Step.COMMITTED)
        return
    verb = "re-execution" if work.kind is Kind.RE_EXECUTION else "evaluation"
    work.coordinator.post(f"{work.path}/{verb}", body)
    journal.reach(Step.SENT)


def send(work: Work) -> None:
    """Send the bytes that were committed to; what arrived before is not sent again."""
    _phase(work, "uploading")
    journal, encoded = work.journal, work.journal.encoded
    if encoded is None:
        raise JobError("journal-damaged", "the journal does not say what is to be sent")
    work.coordinator.push(
        work.path,
        journal.folder / UPDATE,
        attempt=journal.attempt,
        sha256=encoded.sha256,
        size=encoded.bytes,
    )
    Ledger(work.home.folder).add(journal.job, bytes_out=encoded.bytes)
    journal.reach(Step.SENT)


def finish(work: Work) -> None:
    """Close the journal; an update that was delivered stays here as a copy, for replays to come."""
    journal = work.journal
    if work.kind in CONTRIBUTES and journal.encoded is not None:
        keep_update(work.home, journal.folder / UPDATE, journal.encoded.sha256)
    journal.close("succeeded")


ARROWS: Final[Mapping[Step, Callable[[Work], None]]] = {
    Step.CLAIMED: fetch,
    Step.FETCHED: run,
    Step.TRAINING: run,
    Step.COMPUTED: encode_update,
    Step.ENCODED: sign,
    Step.SIGNED: commit,
    Step.COMMITTED: send,
    Step.SENT: finish,
}
ALONE: Final = frozenset({Step.FETCHED, Step.TRAINING, Step.COMPUTED, Step.ENCODED})
"""Where the next step needs nobody else: it goes on while the coordinator is away (SR-3)."""


def clear(folder: Path) -> None:
    """Remove a closed job's work; its journal, its words and a model that was built here stay."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name in {DELTA, UPDATE, "request.json"}:
            path.unlink(missing_ok=True)


def _request(work: Work) -> Request:
    pull = puller(work.journal.job, home=work.home, coordinator=work.coordinator)
    processes = max(1, min(work.home.config.processes, len(accelerators()) or work.home.config.processes))
    return request_of(work.manifest, home=work.home, pull=pull, processes=processes)


def _distance(work: Work) -> float:
    """How far the repeated update is from ours, relative to it; 0.0 where the bytes are the same."""
    repeats, encoded = work.manifest.repeats, work.journal.encoded
    if repeats is None or encoded is None:
        raise JobError("journal-damaged", "a re-execution names what it repeats, and has computed it")
    if encoded.sha256 == repeats.weights.sha256:
        return 0.0
    from training.codecs.distance import distance

    pull = puller(work.journal.job, home=work.home, coordinator=work.coordinator)
    theirs = pull(repeats.weights.sha256, repeats.weights.bytes)
    return float(distance(work.journal.folder / UPDATE, theirs))


def _phase(work: Work, name: str) -> None:
    if work.heartbeat is not None:
        work.heartbeat.phase(name)
