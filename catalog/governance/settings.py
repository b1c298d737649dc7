"""What the consortium can decide about its own working, and within which bounds. Data, free of the database.

Every value is a whole number of the unit beside it, so that a rule can enter a computation that others repeat
(INV-5) without a question of rounding.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from catalog.governance.merge_settings import MERGE_SETTINGS
from catalog.governance.setting import Setting, Unit

__all__ = ["SETTINGS", "Setting", "Unit"]

_ALL: Final = (
    Setting(
        key="review.quorum",
        title=_("Members that must agree on a proposal"),
        explanation=_(
            "So many different members have to approve a dataset before it is published, or to reject it. "
            "More make a decision slower and harder to capture."
        ),
        kind=Unit.MEMBERS,
        least=2,
        most=50,
        default=2,
    ),
    Setting(
        key="review.days",
        title=_("Time for a review"),
        explanation=_("After so many days an assignment is overdue and passes to another maintainer."),
        kind=Unit.DAYS,
        least=1,
        most=180,
        default=14,
    ),
    Setting(
        key="appeal.days",
        title=_("Time for an appeal"),
        explanation=_("So many days the members have to speak on an appeal."),
        kind=Unit.DAYS,
        least=1,
        most=180,
        default=21,
    ),
    Setting(
        key="motion.days",
        title=_("Time for a vote"),
        explanation=_(
            "A motion that has not won more than half of all members after so many days lapses. "
            "It holds for motions that are opened from then on."
        ),
        kind=Unit.DAYS,
        least=1,
        most=180,
        default=14,
    ),
    Setting(
        key="contribution.quorum",
        title=_("Members that must agree on a contribution"),
        explanation=_(
            "So many different members have to accept a weight update before it is merged, or to reject it. "
            "A round may ask for more, never for fewer."
        ),
        kind=Unit.MEMBERS,
        least=2,
        most=50,
        default=2,
    ),
    Setting(
        key="weighting.quality_floor",
        title=_("Least improvement of a contribution"),
        explanation=_(
            "A weight update is admitted only if training lowered the loss on its own declared domain by so "
            "many per cent, as its node reports under its signature. 0 asks for nothing."
        ),
        kind=Unit.PERCENT,
        least=0,
        most=50,
        default=0,
    ),
    Setting(
        key="weighting.influence_cap",
        title=_("Most influence of one member"),
        explanation=_(
            "In a merge all contributions of one member together weigh so many per cent at most; the rest "
            "goes to the others in equal parts. With too few members for it, each weighs the same."
        ),
        kind=Unit.PERCENT,
        least=5,
        most=100,
        default=50,
        step=5,
    ),
    Setting(
        key="round.hours",
        title=_("Time for a round’s training"),
        explanation=_(
            "A round ends its collecting after so many hours, unless its opener says otherwise. Longer "
            "rounds let slow and distant nodes take part; the next base comes later."
        ),
        kind=Unit.HOURS,
        least=1,
        most=29 * 24,
        default=24,
    ),
    Setting(
        key="round.stragglers",
        title=_("When nodes are missing at the deadline"),
        explanation=_(
            "The members can vote each time on going on without them, waiting or abandoning the round; or "
            "the round always goes on without them, with the cause in the log."
        ),
        kind=Unit.CHOICE,
        least=0,
        most=1,
        default=0,
        choices=(_("the members vote each time"), _("they are left out")),
    ),
    Setting(
        key="round.straggler_quorum",
        title=_("Members that must agree about missing nodes"),
        explanation=_(
            "So many different members have to say the same about nodes that are missing at a deadline. "
            "Members whose own node is missing have no word, unless the others are too few."
        ),
        kind=Unit.MEMBERS,
        least=2,
        most=50,
        default=2,
    ),
    Setting(
        key="round.cadence_hours",
        title=_("Time from round to round"),
        explanation=_(
            "So many hours after a family’s last round opened, the next one opens by itself, on the same "
            "plan, as soon as the last one has ended. 0 leaves it to people."
        ),
        kind=Unit.HOURS,
        least=0,
        most=90 * 24,
        default=0,
    ),
    Setting(
        key="round.mode",
        title=_("How rounds collect"),
        explanation=_(
            "A synchronous round waits for every node, or for a vote. An asynchronous one takes what arrives "
            "in its window; who needs longer is merged into a later base."
        ),
        kind=Unit.CHOICE,
        least=0,
        most=1,
        default=0,
        choices=(_("synchronous"), _("asynchronous")),
    ),
    Setting(
        key="round.most_stale",
        title=_("Oldest start of a late update"),
        explanation=_(
            "In asynchronous rounds an update still counts if the base that it was trained from is so many "
            "bases old at most. Older ones pull the next base back to where it was."
        ),
        kind=Unit.BASES,
        least=0,
        most=10,
        default=2,
    ),
    *MERGE_SETTINGS,
)
SETTINGS: Final[dict[str, Setting]] = {setting.key: setting for setting in _ALL}
