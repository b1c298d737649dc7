"""Where a rollback stands, in one sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.rollbacks.models import Rollback, RollbackStep
from training.rollbacks.states import RollbackState
from training.rollbacks.voices import Tally


def where_it_stands(rollback: Rollback, tally: Tally, steps: list[RollbackStep]) -> str:
    """Return the answer to the page's first question: is it out?"""
    match rollback.state:
        case RollbackState.PROPOSED:
            return _need(tally)
        case RollbackState.REPLAYING:
            done = sum(step.made_id is not None for step in steps)
            words = _(
                "The members decided. %(done)s of %(all)s bases are computed again; "
                "until all are, no round opens."
            )
            return words % {"done": done, "all": len(steps)}
        case RollbackState.DONE if rollback.result is not None:
            return _("It is done: the family goes on from %(base)s.") % {"base": rollback.result.label}
        case RollbackState.REFUSED:
            return _("The members refused it: the bases stay as they are.")
        case RollbackState.FAILED:
            return _("The replay failed, and the newest base is what it was: %(cause)s") % {
                "cause": rollback.cause
            }
        case _:
            return _("The proposal was taken back: the bases stay as they are.")


def _need(tally: Tally) -> str:
    need = tally.needed - tally.agreeing
    words = ngettext(
        "It waits for %(n)s more member to agree; until then the bases stay as they are.",
        "It waits for %(n)s more members to agree; until then the bases stay as they are.",
        need,
    )
    return words % {"n": need}
