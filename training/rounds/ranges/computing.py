"""One worker's share of a large merge: a survey of a range, or its part of the next base."""

from pathlib import Path
from typing import Any

from provenance.blobs import get_store
from training.merge import MergeError
from training.merge.inputs import Inputs, Span
from training.merge.resolving import Resolved
from training.merge.spans import Survey, merge_span, survey
from training.merge.sums import from_json, to_json
from training.rounds.locking import alone
from training.rounds.ranges.locks import RANGES, number_of
from training.rounds.ranges.models import MergeRange, RangedMerge
from training.rounds.ranges.wanted import opened
from training.scratch import CHUNK, scratch_folder
from training.tensors import LayoutError


def compute_range(key: str, step: str, start: int) -> None:
    """Do one range of one pass, unless that was done, is being done, or is no longer wanted.

    Its row is written last, when its bytes are kept: a worker that dies leaves a range that is missing. A
    merge that the rule refuses is marked as refused.

    Raises:
        BlobError: the store does not work.
    """
    with alone(number_of(key, step, start), space=RANGES) as held:
        # What was done first: once all is done, the step moves on and the rows go.
        if not held or MergeRange.objects.filter(merge__key=key, step=step, start=start).exists():
            return
        merge = RangedMerge.objects.filter(key=key, step=step, refusal__isnull=True).first()
        if merge is None or start not in merge.starts:
            return
        span = merge.span(start)
        do = _part if step == RangedMerge.MERGE else _survey
        try:
            with opened(merge.document, span) as inputs:
                found = do(merge, inputs, span)
        except (MergeError, LayoutError) as error:
            _refuse(merge, error)
            return
        MergeRange.objects.create(merge=merge, step=step, start=span[0], stop=span[1], **found)


def _survey(merge: RangedMerge, inputs: Inputs, span: Span) -> dict[str, Any]:
    kind: Survey = merge.step  # type: ignore[assignment]  # the steps before the merge are surveys
    return {"sums": to_json(survey(inputs, kind, span, from_json(merge.sums)))}


def _part(merge: RangedMerge, inputs: Inputs, span: Span) -> dict[str, Any]:
    """Merge into files that only the store hashes and brings to the disk: none of them outlives this."""
    resolved, evidence = Resolved.from_json(merge.resolved), merge.document["evidence"]
    with scratch_folder() as folder:
        part, state = folder / "part", folder / "state"
        with part.open("wb") as file, state.open("wb") as state_file:
            sums = merge_span(inputs, resolved, span, file.write, state_file.write, evidence=evidence)
        state_sha256 = _keep(state) if inputs.plan.arrays else ""
        return {"sums": to_json(sums), "sha256": _keep(part), "state_sha256": state_sha256}


def _keep(path: Path) -> str:
    with path.open("rb") as file:
        return get_store("ranges").put(iter(lambda: file.read(CHUNK), b"")).sha256


def _refuse(merge: RangedMerge, error: MergeError | LayoutError) -> None:
    """Mark the merge; of several ranges that are refused the first one speaks."""
    refusal = {"layout": isinstance(error, LayoutError), "code": error.code, "detail": error.detail}
    RangedMerge.objects.filter(pk=merge.pk, refusal__isnull=True).update(refusal=refusal)
