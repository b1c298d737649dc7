"""What a large merge is to merge, as a document that names everything by its bytes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from provenance.blobs import get_store
from provenance.blobs.store import Stretch
from provenance.signing.canonical import digest
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import CODE_VERSION
from training.merge.inputs import Inputs, Span, opened_inputs
from training.merge.plan import MergePlan, plan_merge
from training.merge.resolving import resolve
from training.merge.spans import surveys_of
from training.merge.streams import F32
from training.rounds.aggregation import Aggregation, server_on
from training.rounds.computing import codec_in
from training.rounds.ranges.models import RangedMerge

LENGTH_BYTES = 8  # of the header's length, at a safetensors file's begin
NO_FILE = Path()


def document_of(
    base: Checkpoint, contributions: Sequence[Contribution], aggregation: Aggregation, *, evidence: bool
) -> dict[str, Any]:
    """Return what is to be merged and how, in the words of a recipe, defaults included: one merge, one key.

    Raises:
        MergeError: rule, parameters or server do not fit these contributions.
    """
    said: dict[str, Any] = {
        "parent": base.digest,
        "base": base.weights_sha256,
        "contributions": {each.digest: each.weights_sha256 for each in contributions},
        "rule": aggregation.rule,
        "parameters": dict(aggregation.parameters),
        "server": server_on(base, aggregation),
        "codec": codec_in(contributions),
        "evidence": evidence,
        "codeVersion": CODE_VERSION,
    }
    plan = plan_of(said)
    server = None if plan.server_said is None else dict(plan.server_said)
    return {**said, "parameters": plan.parameters.said(), "server": server}


def begin(base: Checkpoint, document: Mapping[str, Any]) -> RangedMerge:
    """Return the row of the merge that a document describes, new or as it was left; raises BlobError."""
    key = digest(document)
    if (found := RangedMerge.objects.filter(key=key).first()) is not None:
        return found
    plan = plan_of(document)
    elements = (base.weights_bytes - len(header_of(document))) // F32.itemsize
    first = steps_of(plan)[0]
    row, _ = RangedMerge.objects.get_or_create(
        key=key,
        defaults={
            "document": document,
            "elements": elements,
            "range_elements": max(settings.MERGE_RANGE_BYTES // F32.itemsize, 1),
            "step": first,
            "resolved": resolve(plan, elements, {}).to_json() if first == RangedMerge.MERGE else {},
        },
    )
    return row


def steps_of(plan: MergePlan) -> tuple[str, ...]:
    """Return the passes over the bytes: surveys, where the rule needs any, and the merge."""
    return (*surveys_of(plan), RangedMerge.MERGE)


def plan_of(
    document: Mapping[str, Any],
    base: Path = NO_FILE,
    updates: Mapping[str, Path] | None = None,
    state: Path | None = None,
) -> MergePlan:
    """Return the plan of a document; without paths one that names no files."""
    if state is None and state_of(document):
        state = NO_FILE
    return plan_merge(
        base,
        updates or dict.fromkeys(document["contributions"], NO_FILE),
        rule=document["rule"],
        parameters=document["parameters"],
        server=document["server"],
        state=state,
        codec=document["codec"],
    )


def state_of(document: Mapping[str, Any]) -> str:
    """Return the sha256 of the parent's server state; empty where there is none."""
    return (document["server"] or {}).get("state") or ""


def require_files(document: Mapping[str, Any]) -> None:
    """Raise BlobMissing unless the store has all that goes in: a worker could only fail over it."""
    store = get_store()
    for sha256 in filter(None, (document["base"], *document["contributions"].values(), state_of(document))):
        store.size(sha256)


def header_of(document: Mapping[str, Any]) -> bytes:
    """Return all that stands before the data in the base's file, and will in the next one's."""
    with get_store().open(document["base"]) as file:
        length = file.read(LENGTH_BYTES)
        return length + file.read(int.from_bytes(length, "little"))


@contextmanager
def opened(document: Mapping[str, Any], span: Span) -> Iterator[Inputs]:
    """Open what is to be merged, good in a span of elements only, for as long as the block runs.

    Of updates whose codec does not keep the base's places the whole is fetched, where the store is not here.

    Raises:
        MergeError, LayoutError: as `opened_inputs` does. BlobError: the store does not work.
    """
    state, keeps_places = state_of(document), document["codec"] == "fp32"
    store = get_store()
    with ExitStack() as stack:

        def local(sha256: str, numbers: int) -> Path:
            return stack.enter_context(store.local_stretches(sha256, _stretches(sha256, span, numbers)))

        base = local(document["base"], 1)
        updates = {
            digest: local(sha256, 1) if keeps_places else stack.enter_context(store.local_path(sha256))
            for digest, sha256 in document["contributions"].items()
        }
        arrays = len(plan_of(document).arrays)
        plan = plan_of(document, base, updates, local(state, arrays) if state else None)
        yield stack.enter_context(opened_inputs(plan))


def _stretches(sha256: str, span: Span, numbers: int) -> list[Stretch]:
    """Return where header and span lie in a file of so many float32 numbers for each element."""
    with get_store().open(sha256) as file:
        data = LENGTH_BYTES + int.from_bytes(file.read(LENGTH_BYTES), "little")
    each = numbers * F32.itemsize
    return [(0, data), (data + span[0] * each, data + span[1] * each)]
