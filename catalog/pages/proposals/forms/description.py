"""A description that exists: a file, a text or an address."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.intake.addresses import LONGEST
from catalog.intake.readers.bounds import LARGEST_GRAPH
from catalog.members.models import Member
from catalog.pages.proposals.forms.base import CatalogForm, member_choice
from provenance.errors import DomainError

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

WAYS: Final = ("url", "file", "text")


class DescriptionForm(CatalogForm):
    """One of three ways in which a description comes; ``members`` are those that the reader speaks for."""

    url = forms.CharField(
        label=_("Its address"),
        help_text=_(
            "Of the description itself, not of the page about it: a croissant.json, the JSON-LD or Turtle of"
            " a catalog, or a README.md in its raw form. It must be reachable by anybody."
        ),
        required=False,
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        help_text=_("Such as croissant.json, README.md or dataset.ttl. It is read and not kept."),
        required=False,
        max_length=255,
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        max_length=LARGEST_GRAPH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "code", "dir": "auto"}),
    )

    def __init__(self, *arguments: Any, members: Iterable[Member], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["member"] = member_choice(_("For which member?"), members)
        self.order_fields(["member", *WAYS])

    def clean(self) -> dict[str, Any]:
        """Take exactly one of the three."""
        given: dict[str, Any] = super().clean() or {}
        ways = [name for name in WAYS if given.get(name)]
        if len(ways) != 1 and not any(name in self.errors for name in WAYS):
            message = _("Give only one of the three.") if ways else _("Give an address, a file or a text.")
            self.add_error(ways[-1] if ways else "url", message)
        return given

    @property
    def way(self) -> str:
        """Which of the three was given."""
        return next(name for name in WAYS if self.cleaned_data.get(name))

    @property
    def content(self) -> tuple[bytes, str, str]:
        """The bytes, the media type and the name of a file or a text."""
        if self.way == "text":
            return self.cleaned_data["text"].encode("utf-8", "replace"), "", ""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        return file.read(), file.content_type or "", file.name or ""

    def refuse(self, refused: DomainError) -> None:
        """Show at the way that was chosen what is wrong with it, and what to do."""
        self.add_error(self.way, " ".join(filter(None, [refused.message, refused.remedy])))
