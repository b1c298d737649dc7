"""What each field of the record is called, which rule asks for it, and how to fill it in."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Wording:
    """A field's name in a sentence, the requirement behind it, and the remedy when it is missing or wrong."""

    name: Words
    requirement: str
    remedy: Words


WORDING: Final[dict[str, Wording]] = {
    "title": Wording(_("title"), "DG:1", _("Give a title in at least one language.")),
    "summary": Wording(_("summary"), "DG:1", _("Sum it up in one or two sentences, in any language.")),
    "description": Wording(_("description"), "DG:1", _("Describe what it holds and how it came about.")),
    "artifact_type": Wording(_("stage of work"), "DG:1", _("Choose what the data are made for.")),
    "contact": Wording(_("contact"), "DG:3", _("Give a name and an e-mail address for questions.")),
    "creators": Wording(_("creators"), "DG:2", _("Name each creator on a line, with an address or without.")),
    "affirmed": Wording(_("affirmation"), "DG:3", _("Affirm that your member may share this.")),
    "modality": Wording(_("kind of data"), "DG:1", _("Choose text, image, audio or another kind.")),
    "themes": Wording(_("themes"), "DG:1", _("Choose at least one theme.")),
    "keywords": Wording(_("keywords"), "DG:1", _("Separate at most 50 keywords by commas.")),
    "languages": Wording(_("languages"), "DG:1", _("Name the languages by their tags, such as vi or pt-BR.")),
    "shares": Wording(_("shares of languages"), "DG:1", _("Give a percentage for each of the languages.")),
    "represents": Wording(_("whom it represents"), "DG:1", _("Name the community, place or field.")),
    "regions": Wording(_("countries and regions"), "DG:1", _("Give codes such as VN or 035.")),
    "temporal": Wording(_("time covered"), "DG:1", _("Give the first day, the last one, or both.")),
    "size": Wording(_("declared size"), "DG:1", _("Say how many bytes, records or tokens there are.")),
    "located_at": Wording(_("address of the data"), "DM:2", _("Give an address that begins with https://.")),
    "tier": Wording(_("tier"), "DG:3", _("Choose how freely the data may be used.")),
    "licence": Wording(_("licence"), "DG:3", _("Give an SPDX expression, LicenseRef-… or unknown.")),
    "rights": Wording(_("rights"), "DG:3", _("Answer all four questions; not known is an answer too.")),
    "permitted_stages": Wording(_("permitted stages"), "DG:3", _("Permit at least one stage of training.")),
    "prohibited_uses": Wording(_("forbidden uses"), "DG:3", _("Choose from the list.")),
    "retention_days": Wording(_("time of keeping"), "DG:3", _("Give a number of days, or leave it empty.")),
    "embargo_until": Wording(_("embargo"), "DG:3", _("Give a day to come, or leave it empty.")),
    "benefit_sharing": Wording(_("sharing of benefits"), "DG:3", _("Say it in at most 4,000 characters.")),
    "terms_of_service": Wording(_("terms of service"), "DG:3", _("Name the terms and their date, or none.")),
    "export_control": Wording(_("export control"), "DG:3", _("Name the law or the list, or none.")),
    "excluded_sources": Wording(_("sources left out"), "DG:3", _("Say what was left out, and why.")),
    "residency": Wording(_("residency"), "DG:3", _("Say where the data may be and what may leave there.")),
    "origin": Wording(_("origin"), "DG:2", _("Say where the data come from.")),
    "collection": Wording(_("collection"), "DG:2", _("Say how and when the data were collected.")),
    "processing": Wording(_("processing"), "DG:2", _("Say what was done with the data since.")),
    "sources": Wording(_("sources"), "DG:2", _("Name each by short name and version: laws-of-vietnam | 3.")),
    "synthetic": Wording(_("generator"), "DG:2", _("Name the model, and the terms of its outputs.")),
    "personal_data": Wording(
        _("data about people"), "DG:3", _("Say which data about people are in it, if any.")
    ),
    "privacy_technology": Wording(_("protection of people"), "DG:3", _("Choose what was done, or none.")),
    "consent_basis": Wording(_("basis of consent"), "DG:3", _("Choose the basis from the list.")),
    "consent": Wording(_("consent"), "DG:3", _("Say on which basis people’s data are used.")),
    "consent_document": Wording(_("consent form"), "DG:3", _("Give an address that begins with https://.")),
    "community_consent": Wording(
        _("consent of the community"), "DG:3", _("Answer all four questions about it, or none.")
    ),
    "screening": Wording(_("screening"), "DG:3", _("Say for each category what was found.")),
    "quality": Wording(_("quality"), "DM:6", _("Say what you know of it; shares run from 0 to 100 percent.")),
    "files": Wording(_("files"), "DG:6", _("Attach files or, where the bytes stay with you, pointers.")),
    "seal": Wording(_("seal"), "INV-1", _("Run “tapestry-node seal” there, and paste what it prints.")),
}
PARTS: Final[dict[str, Words]] = {
    "contact.name": _("name of the contact"),
    "contact.email": _("e-mail address of the contact"),
    "rights.commercial_use": _("right of commercial use"),
    "rights.model_training": _("right of training models"),
    "rights.redistribution": _("right of passing on"),
    "rights.attribution": _("duty to name the source"),
    "residency.boundary": _("residency boundary"),
    "residency.storage": _("places of storage"),
    "residency.processing": _("places of processing"),
    "residency.raw_may_leave": _("word on raw data that leave"),
    "residency.derived_may_leave": _("word on derived data that leave"),
    "residency.updates_may_leave": _("word on weight updates that leave"),
    "community_consent.what": _("what the community gave"),
    "community_consent.use": _("what the community gave it for"),
    "community_consent.weights_shared": _("word of the community on weights"),
    "community_consent.revocation": _("way to take the community’s consent back"),
    "synthetic.generator": _("name of the generator"),
}
OTHER: Final = Wording(_("field"), "DM:16", _("Remove it: the record has no such field."))


def wording_of(field: str) -> Wording:
    """Return the wording of a field, or of the top-level field that a dotted path is a part of."""
    return WORDING.get(field.split(".", maxsplit=1)[0], OTHER)


def name_of(field: str) -> Words:
    """Return what a field or a part of one is called in a sentence."""
    return PARTS.get(field) or wording_of(field).name
