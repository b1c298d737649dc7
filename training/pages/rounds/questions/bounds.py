"""How long it may last, what it may use, and how many members have to agree."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from catalog.governance.reading import values_in_force
from catalog.pages.proposals.forms.base import CatalogForm
from training.rounds.models import Round
from training.rounds.opening import LONGEST_ROUND
from training.rounds.plan import TrainingPlan

MEBIBYTE: Final = 2**20
WEEK: Final = 7 * 86_400
MOST_HOURS: Final = int(LONGEST_ROUND / timedelta(hours=1))
MODES: Final = (Round.Mode.SYNCHRONOUS, Round.Mode.ASYNCHRONOUS)  # by the value of the rule `round.mode`
DEFAULTS = TrainingPlan()


class LimitQuestions(CatalogForm):
    """What one job may use on its node."""

    limit_seconds = forms.IntegerField(
        label=_("Time for a job, in seconds"),
        min_value=1,
        max_value=WEEK,
        initial=DEFAULTS.limits.seconds,
        help_text=_("A node ends a job that takes longer."),
    )
    limit_mebibytes = forms.IntegerField(
        label=_("Memory for a job, in MiB"),
        min_value=64,
        max_value=2**26,
        initial=DEFAULTS.limits.memory_bytes // MEBIBYTE,
        help_text=_("A node ends a job that needs more."),
    )
    evaluation_seconds = forms.IntegerField(
        label=_("Time for an evaluation, in seconds"),
        min_value=1,
        max_value=WEEK,
        initial=DEFAULTS.evaluation_seconds,
        help_text=_("After it the round goes on with the figures that have come in."),
    )


class TermQuestions(CatalogForm):
    """The terms on which it collects and decides; they begin with what the members voted for."""

    mode = forms.ChoiceField(
        label=_("How it collects"),
        choices=[
            (Round.Mode.SYNCHRONOUS, _("synchronous: it waits for every node, and at the end for a vote")),
            (Round.Mode.ASYNCHRONOUS, _("asynchronous: it takes what arrives in its window")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "Asynchronous rounds suit nodes that come and go; their updates may start from older bases."
        ),
    )
    hours = forms.IntegerField(
        label=_("Contributions for so many hours"),
        min_value=1,
        max_value=MOST_HOURS,
        required=False,
        help_text=_(
            "After them an asynchronous window closes. In a synchronous round, members then decide about "
            "nodes that are missing, by the rule in force. Empty: as the members voted."
        ),
    )
    most_stale = forms.IntegerField(
        label=_("Oldest start, in bases"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_(
            "Asynchronous: an update may have begun so many bases ago. 0 takes only those of the newest base."
        ),
    )
    quorum = forms.IntegerField(
        label=_("Members that must agree"),
        max_value=100,
        help_text=_("How many members must accept or reject each contribution."),
    )
    minimum_contributions = forms.IntegerField(
        label=_("Contributions needed"),
        min_value=1,
        max_value=10_000,
        initial=1,
        help_text=_("With fewer the round is abandoned and the base stays as it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = values_in_force()
        least = rules["contribution.quorum"]
        quorum = self.fields["quorum"]
        quorum.initial = quorum.widget.attrs["min"] = least
        quorum.validators.append(MinValueValidator(least))
        self.fields["mode"].initial = MODES[rules["round.mode"]]
        self.fields["hours"].initial = rules["round.hours"]
        self.fields["most_stale"].initial = rules["round.most_stale"]
