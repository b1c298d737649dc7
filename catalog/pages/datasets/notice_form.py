"""The form of a notice."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import DatasetVersion
from catalog.lifecycle.models import NoticeKind
from catalog.pages.proposals.forms.base import LONG_TEXT, CatalogForm

WHOLE_ENTRY: Final = "entry"
TAKEN_BACK: Final = NoticeKind.REINSTATED.value
KINDS: Final = [
    (NoticeKind.DEPRECATED.value, _("Deprecated: nobody should start anything new with it")),
    (NoticeKind.SUPERSEDED.value, _("Superseded: another entry stands in its place")),
    (TAKEN_BACK, _("Reinstated: what was said before no longer holds")),
]


class NoticeForm(CatalogForm):
    """What is said, of what, why, and which entry comes instead; only what stands can be taken back."""

    successor = forms.CharField(
        label=_("The entry that stands in its place"),
        help_text=_("Only for “superseded”: its short name or its address, as /datasets/SHORT-NAME/."),
        required=False,
        max_length=300,
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("It stands on the page and in the log."),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *arguments: Any, versions: Iterable[DatasetVersion], anything_stands: bool, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=_("What should readers know?"),
            choices=KINDS if anything_stands else [each for each in KINDS if each[0] != TAKEN_BACK],
            widget=forms.RadioSelect,
        )
        numbers = [(str(version.number), _("Version %s") % version.number) for version in versions]
        self.fields["version"] = forms.ChoiceField(
            label=_("Of what?"), choices=[(WHOLE_ENTRY, _("The whole entry")), *numbers]
        )
        self.order_fields(["kind", "version"])

    def clean_successor(self) -> str:
        """Return the short name, also where a whole address was pasted."""
        return str(self.cleaned_data["successor"]).strip().rstrip("/").rpartition("/")[2]
