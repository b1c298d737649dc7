"""What contributions make of a base, for candidate and next base alike, however often it starts (INV-5)."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, TypeAlias

from provenance.blobs import get_store
from provenance.lineage.models import Artifact
from training.checkpoints.dropping import hold_bytes, note_return
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import Entry, Stored, promote, record_checkpoint
from training.contributions.models import Contribution
from training.families.head import next_number
from training.families.models import ModelFamily
from training.jobs.sealing import artifacts_of
from training.merge import CODEC, Merged, checkpoint_digest, merge, recipe
from training.rounds.aggregation import Aggregation, aggregation_in, server_on
from training.rounds.ledger import write_ledger
from training.rounds.locking import alone
from training.scratch import scratch_folder, store_file

__all__ = [
    "Aggregation",
    "Computed",
    "aggregation_in",
    "alone",
    "codec_in",
    "compute",
    "make_base",
    "record_merge",
    "server_on",
]

Computed: TypeAlias = Merged


def codec_in(contributions: Sequence[Contribution]) -> str:
    """Return the codec in which the updates are written; a merge refuses those that differ from it."""
    return min((each.codec for each in contributions), default=CODEC)


def compute(
    base: Checkpoint,
    contributions: Sequence[Contribution],
    aggregation: Aggregation,
    *,
    evidence: bool = True,
) -> Computed | None:
    """Compute base + server(rule(updates)) from the blob store and put what comes out there. Touches no base.

    None: the model is large, several workers are at its ranges, and this is to be asked again.

    Raises:
        MergeError, LayoutError: the rule refuses these updates. BlobError: the store does not work.
    """
    # Here, because the ranges' own code asks for what stands above.
    from training.rounds.ranges.looking import compute_in_ranges, needs_ranges

    if needs_ranges(base):
        return compute_in_ranges(base, contributions, aggregation, evidence=evidence)
    server, codec = server_on(base, aggregation), codec_in(contributions)
    store = get_store()
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        parent = stack.enter_context(store.local_path(base.weights_sha256))
        deltas = {
            contribution.digest: stack.enter_context(store.local_path(contribution.weights_sha256))
            for contribution in contributions
        }
        state = server and server["state"]
        weights, kept = folder / "base.safetensors", folder / "state.safetensors"
        merged = merge(
            parent,
            deltas,
            weights,
            rule=aggregation.rule,
            parameters=aggregation.parameters,
            server=server,
            state=stack.enter_context(store.local_path(state)) if state else None,
            state_out=kept,
            codec=codec,
            evidence=evidence,
        )
        store_file(weights, sha256=merged.sha256)
        if merged.state_sha256:
            store_file(kept, sha256=merged.state_sha256)
    return merged


def record_merge(
    family: ModelFamily,
    base: Checkpoint,
    contributions: Sequence[Contribution],
    computed: Computed,
    *,
    standing: Checkpoint.Standing,
    name: str = "",
    number: int | None = None,
) -> Checkpoint:
    """Record what was merged, with its artifact, edges and signed statement. Must run inside a transaction.

    The digest is a function of what went in: a candidate, a replay and a base of the same contributions are
    one checkpoint, which is recorded once, and promoted where a base is asked for. Bases and replays get
    their ledger. ``name`` and ``number`` as in `Entry`.

    Raises:
        BlobMissing: the bytes went since they were computed, and have to be computed again.
    """
    hold_bytes((computed.sha256, computed.state_sha256))
    made = recipe(
        parent_digest=base.digest,
        contribution_digests=computed.digests,
        rule=computed.rule,
        parameters=computed.parameters,
        server=computed.server,
        codec=codec_in(contributions),
    )
    stored = Stored(computed.sha256, computed.bytes, computed.state_sha256)
    digest = checkpoint_digest(made, stored.sha256, stored.state_sha256)
    checkpoint = Checkpoint.measured.filter(digest=digest).first()
    if checkpoint is None:
        checkpoint = record_checkpoint(
            family,
            parent=base,
            recipe=made,
            stored=stored,
            made_from=_in_order(artifacts_of(computed.digests), computed.digests),
            report=_report(computed),
            entry=Entry(standing, name, number),
        )
    else:
        note_return(checkpoint)
    if standing == Checkpoint.Standing.BASE and checkpoint.standing != standing:
        return make_base(checkpoint, number)
    if standing != Checkpoint.Standing.CANDIDATE:
        write_ledger(checkpoint)
    return checkpoint


def make_base(checkpoint: Checkpoint, number: int | None = None) -> Checkpoint:
    """Promote a candidate or a replayed one, with its ledger; without a number it gets the family's next one.

    Raises:
        Conflict: ``state-changed``, when it is a base already, or its bytes were dropped.
    """
    family = checkpoint.family
    base = promote(checkpoint, next_number(family) if number is None else number)
    write_ledger(base)
    return base


def _in_order(artifacts: Sequence[Artifact], digests: Sequence[str]) -> list[Artifact]:
    return sorted(artifacts, key=lambda artifact: digests.index(artifact.digest))


def _report(computed: Computed) -> dict[str, Any]:
    """What reviewers look at first, in the order of the updates' digests.

    ``coefficients`` only of a linear rule; what follows from comparing the updates only where that was asked.
    """
    found: dict[str, Any] = {"contributions": list(computed.digests)}
    if computed.coefficients is not None:
        found["coefficients"] = [float(computed.coefficients[digest]) for digest in computed.digests]
    if computed.gram.size:
        found |= {
            "norms": computed.norms.tolist(),
            "cosines": computed.cosines.tolist(),
            "sign_agreement": computed.sign_agreement.tolist(),
            "retained": computed.retained.tolist(),
        }
    return found
