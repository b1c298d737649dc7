"""The conductor of large merges: an idempotent step function of their rows (INV-8)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from provenance.blobs import get_store
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import Merged, MergeError
from training.merge.merging import concluded
from training.merge.resolving import Resolved, resolve
from training.merge.sums import from_json, to_json
from training.rounds.aggregation import Aggregation
from training.rounds.locking import alone
from training.rounds.ranges.asking import ask_for
from training.rounds.ranges.joining import PartLost, drop_ranges, join_parts, sums_of
from training.rounds.ranges.locks import LOOKS, number_of
from training.rounds.ranges.models import RangedMerge
from training.rounds.ranges.wanted import begin, document_of, plan_of, require_files, steps_of
from training.tensors import LayoutError


def needs_ranges(base: Checkpoint) -> bool:
    """Tell whether a base is larger than what one worker merges at a time."""
    return base.weights_bytes > settings.MERGE_RANGE_BYTES


def compute_in_ranges(
    base: Checkpoint,
    contributions: Sequence[Contribution],
    aggregation: Aggregation,
    *,
    evidence: bool = True,
) -> Merged | None:
    """Merge on several workers: the same bytes as one pass makes. None as long as ranges are missing.

    Then workers were asked for them; ask again later. What is returned is in the blob store, whole, and is
    returned again at once for the same inputs. Belongs outside of a transaction.

    Raises:
        MergeError, LayoutError: the rule refuses these updates. BlobMissing: bytes of what goes in were
            dropped. BlobError: the store does not work.
    """
    document = document_of(base, contributions, aggregation, evidence=evidence)
    merge = begin(base, document)
    if merge.outcome is not None and not _is_kept(merge.outcome):
        merge.delete()  # its bytes were dropped since
        merge = begin(base, document)
    if merge.outcome is None:
        require_files(document)
    look(merge.key)
    merge.refresh_from_db()
    if merge.refusal is not None:
        raise _forget(merge, merge.refusal)
    return None if merge.outcome is None else _merged(merge, merge.outcome)


def look(key: str) -> None:
    """Take a large merge as far as it goes now. Safe to call at any time, any number of times."""
    with alone(number_of(key), space=LOOKS) as held:
        merge = RangedMerge.objects.filter(key=key, refusal__isnull=True).first() if held else None
        while merge is not None and merge.step != RangedMerge.DONE:
            done = set(merge.ranges.filter(step=merge.step).values_list("start", flat=True))
            missing = [start for start in merge.starts if start not in done]
            if missing:
                ask_for(merge, missing)
                return
            _conclude_step(merge)
        if merge is not None:
            drop_ranges(merge.ranges.defer("sums"))


def _conclude_step(merge: RangedMerge) -> None:
    """Add up a survey and resolve after the last one; or join the parts, and go again if one is lost."""
    if merge.step == RangedMerge.MERGE:
        try:
            merge.outcome = join_parts(merge)
        except PartLost as lost:
            drop_ranges([lost.part])
            return
        merge.outcome["seconds"] = (timezone.now() - merge.created_at).total_seconds()
        _move(merge, RangedMerge.DONE)
        return
    steps = steps_of(plan_of(merge.document))
    merge.sums |= to_json(sums_of(merge))
    surveyed = merge.step
    _move(merge, steps[steps.index(surveyed) + 1])
    merge.ranges.filter(step=surveyed).delete()


def _move(merge: RangedMerge, to: str) -> None:
    """Set the next step; what ranges are merged with is found once, before the first of them."""
    if to == RangedMerge.MERGE:
        resolved = resolve(plan_of(merge.document), merge.elements, from_json(merge.sums))
        merge.resolved = resolved.to_json()
    merge.step, merge.asked_at, merge.asked_times = to, None, 0
    merge.save()


def _merged(merge: RangedMerge, found: dict[str, Any]) -> Merged:
    return concluded(
        plan_of(merge.document),
        Resolved.from_json(merge.resolved),
        from_json(found["sums"]),
        sha256=found["sha256"],
        size=found["bytes"],
        state_sha256=found["state_sha256"],
        seconds=found["seconds"],
    )


def _is_kept(outcome: dict[str, Any]) -> bool:
    """Tell whether the bytes that came out are still there."""
    store = get_store()
    return all(store.exists(outcome[name]) for name in ("sha256", "state_sha256") if outcome[name])


def _forget(merge: RangedMerge, said: dict[str, Any]) -> MergeError | LayoutError:
    """Let a refused merge go, so that it would start anew; return the refusal."""
    drop_ranges(merge.ranges.defer("sums"))
    merge.delete()
    kind = LayoutError if said["layout"] else MergeError
    return kind(said["code"], said["detail"])
