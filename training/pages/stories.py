"""Events of the training floor as a story, with their causes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.pages.stories import Beat, tell
from provenance.events.models import Event

SENTENCES: Final[dict[str, str | Promise]] = {
    "round.opened": _("The round was opened"),
    "round.distributing": _("Policy decided, and the jobs were signed"),
    "round.collecting": _("The jobs were sent to the nodes"),
    "round.straggler": _("A node was left out"),
    "round.reviewing": _("The review began"),
    "round.merging": _("The contributions are decided"),
    "round.merged": _("The next base was made"),
    "round.not-evaluated": _("No node may evaluate the base"),
    "round.closed": _("The round closed"),
    "round.abandoned": _("The round was abandoned"),
    "checkpoint.evaluated": _("A node measured both bases"),
    "contribution.received": _("Signed by the node and received"),
    "contribution.admitted": _("Admitted to review"),
    "contribution.inadmissible": _("Found inadmissible"),
    "contribution.accept-voted": _("A member accepts"),
    "contribution.reject-voted": _("A member rejects"),
    "contribution.accepted": _("Accepted"),
    "contribution.rejected": _("Rejected"),
    "contribution.merged": _("Merged into the next base"),
}


def tell_training(events: Iterable[Event]) -> list[Beat]:
    """Turn events into beats, in their order; a cause that was written down stands below its event."""
    told = list(events)
    return [
        replace(
            beat,
            title=SENTENCES.get(event.action, beat.title),
            detail=str(event.details.get("cause") or beat.detail),
        )
        for event, beat in zip(told, tell(told), strict=True)
    ]
