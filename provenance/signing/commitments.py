"""Salted commitments: one hash stands for a secret list, and any one item can be shown without the others.

``leaf = sha256(JCS({"item": …, "salt": …}))`` for each item, under a salt of its own, and
``commitment = sha256(JCS({"leaves": [sorted hex leaves], "type": "tapestry-seal-1"}))``: what SD-JWT does for
claims. Without its salt a leaf can not be guessed at, however small the item. Sorting hides the order of the
items; what an opening shows besides its own item is how many there are, since all leaves go with it.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from provenance.signing.canonical import digest
from provenance.signing.errors import CommitmentError

SEAL_TYPE: Final = "tapestry-seal-1"
SALT_BYTES: Final = 32
MOST_ITEMS: Final = 100_001  # a record and as many files as anybody will want to prove one by one

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One item and its salt (64 hex digits): what its owner shows to prove it, and nobody else can make up.

    Raises:
        CommitmentError: opening-malformed.
    """

    item: dict[str, Any]
    salt: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _HASH.fullmatch(self.salt):
            raise CommitmentError("opening-malformed", f"A salt is {SALT_BYTES} bytes as hex digits.")

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Return the opening that ``as_json`` wrote.

        Raises:
            CommitmentError: opening-malformed.
        """
        if not isinstance(value, Mapping) or set(value) != {"item", "salt"}:
            raise CommitmentError("opening-malformed", "An opening has item and salt, nothing else.")
        item, salt = value["item"], value["salt"]
        if not isinstance(item, dict) or not isinstance(salt, str):
            raise CommitmentError("opening-malformed", "An item is a JSON object, its salt is text.")
        return cls(item=item, salt=salt)

    def as_json(self) -> dict[str, Any]:
        """Return the opening as a JSON object."""
        return {"item": self.item, "salt": self.salt}

    @property
    def leaf(self) -> str:
        """The hash that stands for the item, as hex digits; raises JsonError for what JSON does not have."""
        return digest(self.as_json())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A sealed list. ``commitment`` and ``leaves`` tell nothing, ``openings`` (as the items) tell all."""

    commitment: str
    leaves: tuple[str, ...]
    openings: tuple[Opening, ...] = field(repr=False)


def seal_items(items: Sequence[Mapping[str, Any]]) -> Seal:
    """Seal JSON objects, each under a fresh salt from the system's random source.

    Raises:
        CommitmentError: items-miscounted, for none or more than MOST_ITEMS.
        JsonError: json-not-canonical.
    """
    openings = tuple(Opening(item=dict(item), salt=secrets.token_hex(SALT_BYTES)) for item in items)
    leaves = tuple(sorted(opening.leaf for opening in openings))
    return Seal(commitment=commit(leaves), leaves=leaves, openings=openings)


def commit(leaves: Iterable[str]) -> str:
    """Return the commitment to these leaves, given in any order.

    Raises:
        CommitmentError: items-miscounted; leaves-malformed, for repeated ones or what is no sha256.
    """
    ordered = sorted(leaves)
    if not 0 < len(ordered) <= MOST_ITEMS:
        raise CommitmentError("items-miscounted", f"A seal holds 1 to {MOST_ITEMS} items.")
    if len(set(ordered)) < len(ordered) or not all(_HASH.fullmatch(leaf) for leaf in ordered):
        raise CommitmentError("leaves-malformed", "Leaves are different hashes of 64 hex digits.")
    return digest({"type": SEAL_TYPE, "leaves": ordered})


def verify_opening(commitment: str, leaves: Sequence[str], opening: Opening) -> dict[str, Any]:
    """Return the item, if it is one of those that ``commitment`` was made of.

    Raises:
        CommitmentError: commitment-mismatch, when the leaves are not the commitment's; opening-mismatch,
            when the item or its salt is not what was sealed; as ``commit``.
        JsonError: json-not-canonical.
    """
    if commit(leaves) != commitment:
        raise CommitmentError("commitment-mismatch", "The leaves are not those of this commitment.")
    if opening.leaf not in leaves:
        raise CommitmentError("opening-mismatch", "This item, with this salt, was not sealed here.")
    return opening.item
