"""Who reads what of a registered model, by the table of the tiers and decided nowhere else (INV-6).

Whether its existence is known at all is `DerivativeQuerySet.visible_to`.
"""

from catalog.tiers import RULES, Metadata, Tier
from provenance.actors import Actor
from training.derivatives.models import Derivative


def may_read_details(actor: Actor, derivative: Derivative) -> bool:
    """Whether ``actor`` reads the card, the address and the signed statement: all, or the consortium."""
    return _metadata(derivative) is Metadata.PUBLIC or bool(actor.members)


def may_read_manifest(actor: Actor, derivative: Derivative) -> bool:
    """Whether ``actor`` sees hashes: commitments, weights, the digest of the document."""
    return _metadata(derivative) is Metadata.MANIFEST or may_read_details(actor, derivative)


def _metadata(derivative: Derivative) -> Metadata:
    return RULES[Tier(derivative.tier)].metadata
