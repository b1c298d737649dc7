"""The merge of a round: the next base from the accepted contributions, however often it starts (INV-5)."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from django.db import connection, transaction

from provenance.actors import COORDINATOR
from provenance.blobs import get_store
from provenance.events.services import Evidence, record_event
from provenance.lineage.models import Artifact
from provenance.states import swap_state
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import record_checkpoint
from training.contributions.models import Contribution
from training.contributions.states import TRANSITIONS as CONTRIBUTION_TRANSITIONS
from training.contributions.states import ContributionState
from training.jobs.sealing import artifacts_of
from training.merge import (
    Merged,
    MergeError,
    Weights,
    are_equal,
    merge_mean,
    merge_order,
    recipe,
    rule_and_parameters,
    weigh,
)
from training.messages import advance_soon
from training.rounds.evaluating import plan_evaluations
from training.rounds.models import Round
from training.rounds.opening import abandon_round
from training.rounds.record import record_round_event
from training.rounds.states import TRANSITIONS, RoundState
from training.scratch import scratch_folder, store_file
from training.tensors import LayoutError

LOCK: Final = 0x7A9E  # first half of the advisory locks' key; the second is the round's id
NO_CAP: Final = 100  # per cent, for rounds that opened before there was a rule


def merge(round_id: int) -> Checkpoint | None:
    """Merge what was accepted and move the round on; None when another process is at it, or it is not due.

    Killed at any moment, the next call starts again from the same inputs in the same order and reaches the
    same digest; only the last step writes to the database. A merge that the rule refuses ends the round.
    """
    with _alone(round_id) as alone:
        round_ = Round.objects.select_related("family", "base").get(pk=round_id)
        if not alone or round_.state != RoundState.MERGING:
            return None
        accepted = _accepted(round_)
        try:
            merged = compute(round_.base, accepted, weights_in(round_, accepted))
        except (MergeError, LayoutError) as error:
            abandon_round(COORDINATOR, round_, f"The merge was refused: {error}", code=error.code)
            return None
        return _record(round_, accepted, merged)


def weights_in(round_: Round, contributions: Sequence[Contribution]) -> Weights:
    """Return how much each counts under the cap that was in force when the round opened."""
    members = {each.digest: each.job.node.member.slug for each in contributions}
    return weigh(members, _cap(round_))


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
        merged = merge_mean(parent, merge_order(deltas), out, weights=given)
        store_file(out, sha256=merged.sha256)
    return merged


@transaction.atomic
def _record(round_: Round, accepted: Sequence[Contribution], merged: Merged) -> Checkpoint | None:
    round_ = Round.objects.select_for_update(of=("self",)).select_related("family", "base").get(pk=round_.pk)
    if round_.state != RoundState.MERGING:
        return None
    digests = [contribution.digest for contribution in accepted]
    rule, parameters = rule_and_parameters(weights_in(round_, accepted), _cap(round_))
    checkpoint = record_checkpoint(
        round_.family,
        parent=round_.base,
        recipe=recipe(
            parent_digest=round_.base.digest, contribution_digests=digests, rule=rule, parameters=parameters
        ),
        weights_sha256=merged.sha256,
        weights_bytes=merged.bytes,
        made_from=_in_order(artifacts_of(digests), digests),
        report=_report(digests, merged),
    )
    for contribution in accepted:
        _mark_merged(contribution, checkpoint)
    swap_state(round_, to=RoundState.PROMOTING, table=TRANSITIONS, result=checkpoint, waiting_for="")
    record_round_event(
        round_,
        "round.merged",
        parents=[round_.base.digest, *digests],
        outputs=[checkpoint.digest],
        details={"rule": rule, "weights": merged.sha256, "seconds": round(merged.seconds, 3)},
    )
    plan_evaluations(round_, checkpoint)
    advance_soon(round_.pk)
    return checkpoint


def _mark_merged(contribution: Contribution, checkpoint: Checkpoint) -> None:
    """Move the contribution on and say so in the log (INV-3)."""
    swap_state(contribution, to=ContributionState.MERGED, table=CONTRIBUTION_TRANSITIONS)
    record_event(
        actor=COORDINATOR,
        action="contribution.merged",
        subject=f"contribution:{contribution.digest}",
        evidence=Evidence(artifact=contribution.digest, job=contribution.job_id, outputs=[checkpoint.digest]),
    )


def _accepted(round_: Round) -> list[Contribution]:
    accepted = Contribution.objects.filter(round=round_, state=ContributionState.ACCEPTED)
    accepted = accepted.select_related("job__node__member")
    return list(accepted.order_by("digest"))


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


@contextmanager
def _alone(round_id: int) -> Iterator[bool]:
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
