"""What a proposal is called, whatever its draft holds so far."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.datasets.naming import titles_of as sealed_titles
from catalog.pages.proposals.forms.base import part_of
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.tiers import Tier


def titles_of(proposal: Proposal) -> dict[str, str]:
    """Return the title per language, or what a draft without one is called."""
    return titles_in(proposal.record, slug=proposal.slug)


def titles_in(record: Mapping[str, Any], *, slug: str) -> dict[str, str]:
    """Return the title per language; a draft may hold anything there, then it is untitled."""
    texts = {str(tag): str(text) for tag, text in part_of(record, "title").items()}
    if not texts and tier_of(record) is Tier.PRIVATE:
        return sealed_titles({}, slug=slug)
    return texts or {get_language() or "en": _("Untitled draft")}
