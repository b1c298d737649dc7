"""How updates become the next base: the rule, the outer optimizer, and what both are told.

The choices stand in the order of `VOTED` and `SERVERS` of the merge, which a test holds them against: this
floor knows nothing of the one above. Breakdown point: which part of the updates may be anything at all
before the base can be anything at all.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.governance.setting import Setting, Unit

_RULES: Final[tuple[tuple[str | Promise, str | Promise], ...]] = (
    (
        _("mean"),
        _(
            "Every update counts alike, within the cap on one member. Breakdown point 0: one hostile update "
            "can move the base anywhere. Rollback shows an instant preview."
        ),
    ),
    (
        _("norm-clipped mean"),
        _(
            "The mean, after updates that are much longer than the others were shortened. Breakdown point 0, "
            "but no single update moves the base far. Rollback shows an instant preview."
        ),
    ),
    (
        _("Krum"),
        _(
            "The one update that lies closest to the others is taken and the rest is left out. It withstands "
            "f hostile ones among 2f + 3. Rollback shows an instant preview."
        ),
    ),
    (
        _("multi-Krum"),
        _(
            "The mean of all but the f updates that lie furthest from the others. It withstands f hostile "
            "ones among 2f + 3. Rollback shows an instant preview."
        ),
    ),
    (
        _("geometric median"),
        _(
            "The point with the least distance to all updates together, within the cap on one member. "
            "Breakdown point one half. Rollback shows an instant preview."
        ),
    ),
    (
        _("coordinate median"),
        _(
            "For each number of the model the middle one of the updates. Breakdown point one half. What one "
            "update did can not be told apart: rollback computes the bases again before it shows anything."
        ),
    ),
    (
        _("trimmed mean"),
        _(
            "For each number of the model the mean without the f largest and the f smallest. It withstands f "
            "hostile ones among 2f + 1. Rollback computes the bases again before it shows anything."
        ),
    ),
    (
        _("TIES"),
        _(
            "Of each update only its largest numbers, and of these the ones whose sign the others share: "
            "updates disturb each other less. Breakdown point 0. Rollback computes the bases again before "
            "it shows anything."
        ),
    ),
    (
        _("DARE"),
        _(
            "Of each update only some numbers, drawn by lot from the parent’s digest, enlarged to make up "
            "for the rest. Breakdown point 0. Rollback computes the bases again before it shows anything."
        ),
    ),
)
_SERVERS: Final[tuple[tuple[str | Promise, str | Promise], ...]] = (
    (_("added as it is"), _("The merged update is added to the base. Rollback shows an instant preview.")),
    (
        _("Nesterov momentum (DiLoCo)"),
        _(
            "The base keeps moving in the direction of earlier rounds, so most of an update’s effect lies in "
            "later bases. Good with long training between rounds. Rollback shows an instant preview."
        ),
    ),
    (
        _("Adam"),
        _(
            "Each number of the model moves at its own pace, learned over the rounds. Rollback computes the "
            "bases again before it shows anything."
        ),
    ),
    (
        _("Yogi"),
        _(
            "As Adam, with a pace that grows no faster than it shrinks: calmer where few nodes take part. "
            "Rollback computes the bases again before it shows anything."
        ),
    ),
)

MERGE_SETTINGS: Final = (
    Setting(
        key="merge.rule",
        title=_("How updates are merged"),
        explanation=_(
            "What the accepted updates of a round become together. Rules that withstand hostile updates need "
            "enough of them; where too few came in, fewer hostile ones are reckoned with, and Krum and "
            "multi-Krum become the mean below three. The base’s recipe and page say what was used."
        ),
        kind=Unit.CHOICE,
        least=0,
        most=len(_RULES) - 1,
        default=0,
        choices=tuple(name for name, _note in _RULES),
        notes=tuple(note for _name, note in _RULES),
    ),
    Setting(
        key="merge.server",
        title=_("How the merged update moves the base"),
        explanation=_(
            "What is done with the merged update. All but the first remember earlier rounds; what they "
            "remember is kept beside each base. After a change it begins from nothing."
        ),
        kind=Unit.CHOICE,
        least=0,
        most=len(_SERVERS) - 1,
        default=0,
        choices=tuple(name for name, _note in _SERVERS),
        notes=tuple(note for _name, note in _SERVERS),
    ),
    Setting(
        key="merge.hostile",
        title=_("Hostile updates to reckon with"),
        explanation=_(
            "The f of Krum, multi-Krum and the trimmed mean: so many updates may be wrong on purpose. More "
            "safety leaves out more honest work. Other rules do not ask."
        ),
        kind=Unit.CONTRIBUTIONS,
        least=0,
        most=20,
        default=1,
    ),
    Setting(
        key="merge.density",
        title=_("Part of each update that is kept"),
        explanation=_(
            "So many per cent of an update’s numbers count under TIES, the largest, and under DARE, drawn by "
            "lot. Less disturbs the other updates less, and loses more. Other rules do not ask."
        ),
        kind=Unit.PERCENT,
        least=1,
        most=100,
        default=20,
    ),
    Setting(
        key="merge.clip",
        title=_("Longest update under clipping"),
        explanation=_(
            "Under the norm-clipped mean, an update that is longer than so many per cent of the median "
            "length is shortened to that. Other rules do not ask."
        ),
        kind=Unit.PERCENT,
        least=10,
        most=1000,
        default=100,
        step=10,
    ),
    Setting(
        key="merge.leave_one_out",
        title=_("Trial merges without one update"),
        explanation=_(
            "If at most so many updates are admissible, nodes also measure the merge without each of them, "
            "so that people see what it adds. Each takes a merge and its time in the evaluation. 0 makes "
            "none, and models that are too large for one worker get none."
        ),
        kind=Unit.CONTRIBUTIONS,
        least=0,
        most=63,  # with the candidate as many models as a manifest may name
        default=8,
    ),
)
