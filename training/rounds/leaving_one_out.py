"""What the candidate would be without each of its contributions, merged so that nodes can measure both."""

from collections.abc import Sequence

from django.db import transaction

from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import MergeError
from training.rounds.computing import aggregation_in, compute, record_merge
from training.rounds.merge_models import LeaveOneOut
from training.rounds.models import Round
from training.rounds.ranges.looking import needs_ranges
from training.tensors import LayoutError


def why_none(round_: Round, admissible: Sequence[Contribution]) -> str:
    """Return the code of why there are no merges without one of these; empty where there are."""
    most = int(round_.rules.get("merge.leave_one_out", 0))
    if not most:
        return "not-voted-for"
    if len(admissible) == 1:
        return "only-one-contribution"  # without it there is the base itself
    if len(admissible) > most:
        return "too-many-contributions"
    return "model-too-large" if needs_ranges(round_.base) else ""


def leave_each_out(round_: Round, admissible: Sequence[Contribution]) -> list[Checkpoint]:
    """Merge all but one, for each, unless that was done; return what came out, to be measured.

    Each is a transaction of its own, so that after a death the next call goes on with those that are
    missing. A set that the rule refuses has none. Must run under the round's lock.
    """
    if why_none(round_, admissible):
        return []
    done = set(round_.left_out.values_list("contribution_id", flat=True))
    for contribution in admissible:
        if contribution.pk not in done:
            _leave_out(round_, contribution, [each for each in admissible if each.pk != contribution.pk])
    rows = round_.left_out.select_related("checkpoint").order_by("contribution")
    return [row.checkpoint for row in rows if _is_of(row, admissible)]


def _is_of(row: LeaveOneOut, admissible: Sequence[Contribution]) -> bool:
    """Tell whether it is the merge of the others; what an appeal released may have come to them since."""
    others = sorted(each.digest for each in admissible if each.pk != row.contribution_id)
    return list(row.checkpoint.recipe["contributions"]) == others


def _leave_out(round_: Round, contribution: Contribution, others: Sequence[Contribution]) -> None:
    try:
        computed = compute(round_.base, others, aggregation_in(round_, others), evidence=False)
    except (MergeError, LayoutError):
        return
    if computed is None:
        return
    node = contribution.job.node.slug
    with transaction.atomic():
        checkpoint = record_merge(
            round_.family,
            round_.base,
            others,
            computed,
            standing=Checkpoint.Standing.CANDIDATE,
            name=f"{round_.family.slug} merge in round {round_.number} without the contribution of {node}",
        )
        LeaveOneOut.objects.create(round=round_, contribution=contribution, checkpoint=checkpoint)
