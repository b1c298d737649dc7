"""What each vocabulary is for, a sentence each; where its terms come from stands with the scheme."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PURPOSES: Final[Mapping[str, str | Promise]] = {
    "artifact-type": _("For which stage of work a dataset was made."),
    "collection-method": _("How the data of a dataset were collected."),
    "consent-basis": _("On what basis the data of people may be used."),
    "modality": _("What the data are: text, images, sound and others."),
    "permissive-licence": _("Licences that let everybody use the data."),
    "personal-data": _("Whether a dataset holds data about people, and which."),
    "privacy-technology": _("What was done to protect the people in the data."),
    "prohibited-use": _("Uses of the data that an owner may forbid."),
    "region": _("Parts of the world that a dataset covers."),
    "stage": _("Stages of training for which an owner may permit the data."),
    "technical-control": _("What guards the data at the place where they are kept."),
    "theme": _("What a dataset is about, so that people find it."),
    "unwanted-category": _("What a dataset is screened for before it is used."),
}


def purpose_of(scheme: str) -> str:
    """Return the sentence of a vocabulary; a general one for one that nobody described."""
    return str(PURPOSES.get(scheme) or _("Words of this consortium."))
