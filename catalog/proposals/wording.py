"""What each field of the record is called, which rule asks for it, and how to fill it in."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Wording:
    """A field's name in a sentence, the requirement behind it, and the remedy when it is missing or wrong."""

    name: str | Promise
    requirement: str
    remedy: str | Promise


WORDING: Final[dict[str, Wording]] = {
    "title": Wording(_("title"), "DG:1", _("Give a title in at least one language.")),
    "summary": Wording(_("summary"), "DG:1", _("Sum it up in one or two sentences, in any language.")),
    "description": Wording(_("description"), "DG:1", _("Describe what it holds and how it came about.")),
    "artifact_type": Wording(_("type of artifact"), "DG:1", _("Choose what the data are made for.")),
    "modality": Wording(_("modality"), "DG:1", _("Choose text, image, audio or another modality.")),
    "themes": Wording(_("themes"), "DG:1", _("Choose at least one theme.")),
    "languages": Wording(_("languages"), "DG:1", _("Name the languages by their tags, such as vi or pt-BR.")),
    "represents": Wording(_("whom it represents"), "DG:1", _("Name the community, place or field.")),
    "tier": Wording(_("tier"), "DG:3", _("Choose how freely the data may be used.")),
    "licence": Wording(_("licence"), "DG:3", _("Give an SPDX expression, LicenseRef-… or unknown.")),
    "rights": Wording(_("rights"), "DG:3", _("Answer each of the four questions with yes or no.")),
    "permitted_stages": Wording(_("permitted stages"), "DG:3", _("Permit at least one stage of training.")),
    "residency": Wording(_("residency"), "DG:3", _("Say where the data may be and what may leave there.")),
    "personal_data": Wording(_("personal data"), "DG:3", _("Say which personal data are in it, if any.")),
    "consent": Wording(_("consent"), "DG:3", _("Say on which basis people's data are used.")),
    "origin": Wording(_("origin"), "DG:2", _("Say where the data come from and how they were collected.")),
    "contact": Wording(_("contact"), "DG:3", _("Give a name and an e-mail address for questions.")),
    "affirmed": Wording(_("affirmation"), "DG:3", _("Affirm that your member may share this.")),
    "seal": Wording(_("seal"), "INV-1", _("Seal the data on their node, and hand in what it prints.")),
    "files": Wording(_("files"), "DG:6", _("Attach files or, where the bytes stay with you, pointers.")),
}
OTHER: Final = Wording(_("field"), "DM:16", _("Remove it: the record has no such field."))


def wording_of(field: str) -> Wording:
    """Return the wording of a field, or of the top-level field that a dotted path is a part of."""
    return WORDING.get(field.split(".", maxsplit=1)[0], OTHER)
