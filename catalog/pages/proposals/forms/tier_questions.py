"""Four plain questions instead of the names of tiers."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.asking import AskedField, StepRenderer
from catalog.pages.proposals.forms.base import CatalogForm
from catalog.pages.proposals.forms.fields import YesNoField
from catalog.proposals.tier_questions import TierQuestion

# What a "no" says in the sentence that names the tier.
REFUSALS: Final[Mapping[TierQuestion, str | Promise]] = {
    TierQuestion.KNOWN: _("nobody else may know that the data exist"),
    TierQuestion.COPIED: _("copies may not leave your own machines"),
    TierQuestion.DOWNLOADED: _("people may not download the data and pass them on"),
    TierQuestion.LEARNT: _("the shared base may not learn from them"),
}


class TierQuestionsForm(CatalogForm):
    """What may happen with the data; the fields have the names of ``TierQuestion``."""

    default_renderer = StepRenderer
    bound_field_class = AskedField

    known = YesNoField(
        label=_("May anyone know that the data exist?"),
        help_text=_("That there are such data, with a title and your member’s name; not what is in them."),
    )
    copied = YesNoField(
        label=_("May copies leave your own machines?"),
        help_text=_("To this catalog’s store, and to a node of another member for an approved job."),
    )
    downloaded = YesNoField(
        label=_("May people download the data and pass them on?"),
        help_text=_("Anybody, without asking; the licence says under which terms."),
    )
    learnt = YesNoField(
        label=_("May the shared base learn from them?"),
        help_text=_("A model that all members use; weights leave your node, the data do not."),
    )

    def answers(self) -> dict[TierQuestion, bool]:
        """Return the answers; call it when the form is valid."""
        return {question: self.cleaned_data[question.value] for question in TierQuestion}


def because(refusals: list[TierQuestion]) -> str:
    """Return the deciding refusals as the end of a sentence; empty for none."""
    return str(get_text_list([str(REFUSALS[question]) for question in refusals], _("and")))
