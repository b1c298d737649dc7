"""The short names of drafts: from their titles, and of private ones random."""

import uuid
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.text import slugify

from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.proposals.sealing import sealed_slug
from catalog.tiers import Tier
from provenance.errors import Invalid
from provenance.text import plain_text

LONGEST_SLUG: Final = 120  # characters, as the columns hold them


def first_slug(proposal: Proposal, wanted: str | None) -> str:
    """Return the short name of a new draft; that of a private one tells nothing."""
    if tier_of(proposal.record) is Tier.PRIVATE:
        return sealed_slug()
    return wanted or _slug_of(proposal.pk, proposal.record)


def next_slug(locked: Proposal, record: dict[str, Any]) -> str:
    """Return the short name under which the draft goes on with ``record``.

    It follows the title, which is saved while it is typed, until the first submission. An entry's own name,
    and one that somebody chose, never change.
    """
    was_private = tier_of(locked.record) is Tier.PRIVATE
    is_private = tier_of(record) is Tier.PRIVATE
    if locked.dataset_id is not None or (was_private and is_private):
        return locked.slug
    if is_private:
        return sealed_slug()
    made = {_placeholder(locked.pk), _slug_of(locked.pk, locked.record)}
    follows = locked.submitted_at is None and locked.slug in made
    return _slug_of(locked.pk, record) if was_private or follows else locked.slug


def check_slug(slug: str) -> None:
    """Refuse what can stand in no address.

    Raises:
        Invalid: code ``slug-malformed``.
    """
    plain_text(slug, field="slug", longest=LONGEST_SLUG)
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise Invalid(
            "The short name is made of letters, digits, '-' and '_'.",
            code="slug-malformed",
            fields={"slug": error.messages},
        ) from None


def _slug_of(proposal_id: uuid.UUID, record: dict[str, Any]) -> str:
    """Make a name from the title: the English one, else the first that Latin letters can write."""
    titles = record.get("title")
    texts = {str(tag): str(text) for tag, text in titles.items()} if isinstance(titles, dict) else {}
    candidates = [texts.get("en", ""), *texts.values()]
    slugs = (slugify(text)[:LONGEST_SLUG].strip("-") for text in candidates)
    return next((slug for slug in slugs if slug), _placeholder(proposal_id))


def _placeholder(proposal_id: uuid.UUID) -> str:
    return f"draft-{proposal_id.hex[:12]}"
