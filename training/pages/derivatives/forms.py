"""The form by which a steward or maintainer registers a model, and the one that retires it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import DatasetVersion
from catalog.members.models import Member
from catalog.pages.proposals.forms.base import CatalogForm, member_choice
from catalog.tiers import RULES, Metadata, Tier
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint
from training.derivatives.card import LONGEST, REQUIRED, SECTIONS
from training.derivatives.retiring import LONGEST_CAUSE
from training.derivatives.wording import LONGEST_ADDRESS, LONGEST_NAME, STAGES, Description
from training.pages.rounds.questions.model import BaseChoice

SEEN: Final = {
    Metadata.PUBLIC: _("Open: everyone reads the whole card."),
    Metadata.SUMMARY: _("Train only: everyone sees that it is there, the consortium reads its card."),
    Metadata.MANIFEST: _(
        "Local only: everyone sees that it is there and its hashes, the consortium its card."
    ),
    Metadata.SEALED: _("Private: nobody else learns that it is there; only commitments stand here."),
}
STAGE_WORDS: Final = {
    "cpt": _("continued pre-training"),
    "sft": _("supervised fine-tuning"),
    "preference": _("preference optimisation"),
}
HELP: Final[dict[str, str | Promise]] = {
    "intended_use": _("Who should use it for what, and who should not. Empty where it is private."),
    "results": _("Figures with their units, for each language or group, and who measured them."),
    "ethics": _("Whose knowledge is in it, who agreed, and how that can be taken back."),
    "caveats": _("What it gets wrong, and what was not tested. Empty where it is private."),
}
MOST_LINES: Final = 50


class RegisterForm(CatalogForm):
    """Everything at once; a refusal keeps what was entered."""

    base = BaseChoice(
        Checkpoint.objects.select_related("family").order_by("family__name", "-number"),
        to_field_name="digest",
        label=_("Base it was made from"),
        empty_label=None,
    )
    tier = forms.ChoiceField(
        label=_("Tier"),
        choices=[(str(tier), SEEN[rules.metadata]) for tier, rules in RULES.items()],
        widget=forms.RadioSelect,
        help_text=_("At least as strict as the strictest of everything it was made from."),
    )
    stages = forms.MultipleChoiceField(
        label=_("What was done to the base"),
        choices=[(stage, STAGE_WORDS[stage]) for stage in STAGES],
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("Empty where it is private."),
    )
    languages = forms.CharField(
        label=_("Languages"),
        max_length=1000,
        required=False,
        help_text=_("Language tags such as vi, sw or pt-BR, with spaces between them."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    licence = forms.CharField(
        label=_("Licence"),
        max_length=200,
        required=False,
        help_text=_("SPDX expression such as Apache-2.0; empty where it is closed."),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    address = forms.CharField(
        label=_("Address where you offer it"),
        max_length=LONGEST_ADDRESS,
        required=False,
        widget=forms.URLInput,
    )
    versions = forms.CharField(
        label=_("Datasets that it was trained on"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line, with the version: quechua-songs@2. Those that you may name."),
    )
    commitments = forms.CharField(
        label=_("Commitments to private parts"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One sha256 a line: of a salt that you keep, and the document."),
    )
    weights_sha256 = forms.CharField(
        label=_("sha256 of its weights"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text=_("64 hex digits, where you tell. A private build’s is in its provenance.json."),
    )
    affirmed = forms.BooleanField(
        label=_("Nothing that it was made from, named here or not, is stricter than this tier"),
        help_text=_("The coordinator signs what stands here; your name is in the log."),
    )

    def __init__(self, *args: Any, actor: Actor, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        is_private = self.data.get("tier") == str(Tier.PRIVATE)
        self.fields["member"] = member_choice(_("Member"), members)
        for name, title in SECTIONS.items():
            rows = 4 if name in REQUIRED else 2
            self.fields[name] = forms.CharField(
                label=str(title),
                max_length=LONGEST,
                required=name in REQUIRED,
                widget=forms.Textarea(attrs={"rows": rows}),
                help_text=str(HELP.get(name, "")),
            )
        leading = ("member", "base", "tier", "stages", "name", "languages", "licence")
        for name in ("name", *REQUIRED):  # of a private one nothing is described here
            self.fields[name].required = not is_private
        self.order_fields([*leading, *SECTIONS, "versions", "commitments", "weights_sha256", "address"])

    def parts(self) -> Iterator[tuple[str | Promise, list[forms.BoundField]]]:
        """Yield the questions under their headings."""
        yield (
            _("What it is"),
            self._fields("member", "base", "tier", "stages", "name", "languages", "licence"),
        )
        yield _("Model card"), self._fields(*SECTIONS)
        yield _("What it was made from"), self._fields("versions", "commitments")
        yield _("Where it is"), self._fields("weights_sha256", "address", "affirmed")

    def clean_versions(self) -> list[DatasetVersion]:
        """Find each line's version among those that the person may discover; others are not there."""
        lines = _lines(self.cleaned_data["versions"])
        pins = [line.rpartition("@") for line in lines]
        visible = DatasetVersion.objects.visible_to(self.actor).select_related("dataset")
        known = visible.filter(dataset__slug__in=[slug for slug, _at, _number in pins])
        by_pin = {f"{version.dataset.slug}@{version.number}": version for version in known}
        if strange := [line for line in lines if line not in by_pin]:
            text = _("There is no such version: %(line)s")
            raise forms.ValidationError(text, params={"line": strange[0]}, code="version-unknown")
        return [by_pin[line] for line in lines]

    def clean_commitments(self) -> list[str]:
        """Return the hashes, one a line."""
        return _lines(self.cleaned_data["commitments"])

    @property
    def description(self) -> Description:
        """What was said, for the service."""
        said = self.cleaned_data
        return Description(
            name=said["name"],
            tier=Tier(said["tier"]),
            stages=said["stages"],
            languages=said["languages"].split(),
            licence=said["licence"],
            card={name: said[name] for name in SECTIONS if said[name]},
            commitments=said["commitments"],
            weights_sha256=said["weights_sha256"].strip(),
            address=said["address"],
        )

    def _fields(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if not self[name].is_hidden]


class RetireForm(CatalogForm):
    """Why a model is not to be used any more."""

    cause = forms.CharField(
        label=_("Cause"),
        max_length=LONGEST_CAUSE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the log, for everybody who may know of the model."),
    )


def _lines(text: str) -> list[str]:
    kept = [line.strip() for line in text.splitlines() if line.strip()]
    if len(kept) > MOST_LINES:
        raise forms.ValidationError(_("At most 50 lines."), code="too-many")
    return list(dict.fromkeys(kept))
