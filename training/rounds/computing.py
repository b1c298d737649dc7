"""What contributions make of a base, for candidate and next base alike, however often it starts (INV-5)."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from django.db import connection

from provenance.blobs import get_store
from provenance.lineage.models import Artifact
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import record_checkpoint
from training.contributions.models import Contribution
from training.jobs.sealing import artifacts_of
from training.merge import (
    CODEC,
    Merged,
    Weights,
    are_equal,
    merge_mean,
    merge_order,
    recipe,
    rule_and_parameters,
    weigh,
)
from training.rounds.models import Round
from training.scratch import scratch_folder, store_file

LOCK: Final = 0x7A9E  # first half of the advisory locks' key; the second is the round's id
NO_CAP: Final = 100  # per cent, for rounds that opened before there was a rule


def weights_in(round_: Round, contributions: Sequence[Contribution]) -> Weights:
    """Return how much each counts under the cap that was in force when the round opened."""
    members = {each.digest: each.job.node.member.slug for each in contributions}
    return weigh(members, _cap(round_))


def codec_in(contributions: Sequence[Contribution]) -> str:
    """Return the codec in which the updates are written; a merge refuses those that differ from it."""
    return min((each.codec for each in contributions), default=CODEC)


def compute(base: Checkpoint, contributions: Sequence[Contribution], weights: Weights) -> Merged:
    """Compute base + weighted mean(updates) from the blob store and put the result there. Touches no row.

    Raises:
        MergeError, LayoutError: the rule refuses these updates. BlobError: the store does not work.
    """
    store = get_store()
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        parent = stack.enter_context(store.local_path(base.weights_sha256))
        deltas = {
            contribution.digest: stack.enter_context(store.local_path(contribution.weights_sha256))
            for contribution in contributions
        }
        out = folder / "base.safetensors"
        given = None if are_equal(weights) else [weights[digest] for digest in sorted(weights)]
        codec = codec_in(contributions)
        merged = merge_mean(parent, merge_order(deltas), out, weights=given, codec=codec)
        store_file(out, sha256=merged.sha256)
    return merged


def record_merge(
    round_: Round, contributions: Sequence[Contribution], merged: Merged, *, standing: Checkpoint.Standing
) -> Checkpoint:
    """Record what was merged, with its artifact, edges and signed statement. Must run inside a transaction.

    The digest is a function of what went in: a candidate and a base of the same contributions are the same.
    """
    digests = [contribution.digest for contribution in contributions]
    rule, parameters = rule_and_parameters(weights_in(round_, contributions), _cap(round_))
    return record_checkpoint(
        round_.family,
        parent=round_.base,
        recipe=recipe(
            parent_digest=round_.base.digest,
            contribution_digests=digests,
            rule=rule,
            parameters=parameters,
            codec=codec_in(contributions),
        ),
        weights_sha256=merged.sha256,
        weights_bytes=merged.bytes,
        made_from=_in_order(artifacts_of(digests), digests),
        report=_report(digests, merged),
        standing=standing,
        name=f"{round_.family.slug} merge of all in round {round_.number}"
        if standing == Checkpoint.Standing.CANDIDATE
        else "",
    )


@contextmanager
def alone(round_id: int) -> Iterator[bool]:
    """Hold the round's advisory lock; PostgreSQL lets it go when the process that holds it dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, round_id])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, round_id])


def _cap(round_: Round) -> int:
    return int(round_.rules.get("weighting.influence_cap", NO_CAP))


def _in_order(artifacts: Sequence[Artifact], digests: Sequence[str]) -> list[Artifact]:
    return sorted(artifacts, key=lambda artifact: digests.index(artifact.digest))


def _report(digests: Sequence[str], merged: Merged) -> dict[str, Any]:
    """Norms and cosines of the updates, in the order of their digests: what reviewers look at first."""
    return {
        "contributions": list(digests),
        "norms": [float(norm) for norm in merged.norms],
        "cosines": [[float(value) for value in row] for row in merged.cosines],
    }
