"""Every cause for which a round stands still, by its stable code, and how a wait is told and logged."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from provenance.events.models import Event
from training.rounds.models import Round
from training.rounds.record import record_round_event
from training.rounds.verdicts import Wait

WAITS: Final[dict[str, str | Promise]] = {
    # of one node, as `training.rounds.missing` finds them
    "node-not-active": _("Its node is suspended or was removed; its own member can reinstate it."),
    "node-away": _("Nothing has been heard of the node for a while. Its work is on its own disk."),
    "job-paused": _("The node's member has paused the job, and can let it go on."),
    "awaiting-local-approval": _("A person of the node's member has to approve the job on the node."),
    "outside-hours": _("The node's member lets it work at other hours of the day."),
    "budget-used-up": _("The node has used up the budget that its member gave it for now."),
    "disk-full": _("The node has no room for the job on its disk."),
    "other-job-runs": _("The node works on another job first."),
    "clock-behind": _("The node's clock is behind: by it, the job's manifest is not valid yet."),
    "held": _("The node knows of the job and has not taken it."),
    "backing-off": _("The node reported a failure; it tries again after a pause that grows."),
    "job-queued": _("The node has not taken the job yet."),
    "lease-lost": _("The node took the job and has been silent since; another attempt follows."),
    "job-running": _("The node is working."),
    "bytes-missing": _("The node has committed to its update by its hash; the bytes are still to come."),
    "bytes-coming": _("The node is sending its update."),
    # of the round
    "several-causes": _("Updates of several nodes are still to come, not all for the same cause."),
    "window-open": _("The window is open: what arrives before it closes counts in this round."),
    "stragglers-vote": _("Nodes are missing after the deadline: members vote on going on without them."),
    "stragglers-vote-of-all": _(
        "Nodes are missing after the deadline, of so many members that the others are too few to decide: "
        "every member votes."
    ),
    "stragglers-no-voice": _("Nodes are missing after the deadline, and no member has a maintainer to vote."),
    "admission": _("What came in is being checked against the base and the published rules."),
    "candidate": _("All that is admissible is being merged for a trial."),
    "decisions": _("Maintainers have to decide on the contributions."),
    "merge": _("The accepted contributions are being merged."),
}
NOT_WAITING: Final[Mapping[str, Any]] = {"waiting_code": "", "waiting_since": None, "waiting_for": ""}
MAX_WORDS: Final = 300
QUIET: Final = timedelta(minutes=10)


def shortened(words: str) -> str:
    """Return the words, cut where the row has no room for more."""
    return words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1] + "…"


def tell_wait(round_: Round, wait: Wait) -> None:
    """Write down why the round stands still; a cause that is another one than before goes to the log.

    A node that wavers between two causes fills no log: each is told at most once in `QUIET`.
    """
    words = shortened(wait.words)
    if (wait.code, words) == (round_.waiting_code, round_.waiting_for):
        return
    now, changes = timezone.now(), {"waiting_code": wait.code, "waiting_for": words}
    if wait.code == round_.waiting_code:
        Round.objects.filter(pk=round_.pk).update(**changes)
        return
    Round.objects.filter(pk=round_.pk).update(**changes, waiting_since=now)
    told = Event.objects.filter(
        subject=f"round:{round_.pk}",
        action="round.waiting",
        reason_codes=[wait.code],
        details__state=round_.state,
        time__gt=now - QUIET,
    )
    if not told.exists():
        details = {"state": round_.state, "cause": words}
        record_round_event(round_, "round.waiting", reason_codes=[wait.code], details=details)
