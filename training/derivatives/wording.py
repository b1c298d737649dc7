"""What a member says of a model, checked field by field before anything is written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from catalog.datasets.models import SEALED
from catalog.datasets.vocabulary import check_language, check_licence
from catalog.tiers import Tier
from provenance.errors import Invalid
from provenance.text import plain_text, required_text
from training.derivatives.card import checked_card

STAGES: Final = ("cpt", "sft", "preference")
MOST: Final = 50  # commitments, languages
LONGEST_NAME: Final = 200
LONGEST_ADDRESS: Final = 500
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A model in its member's words.

    Attributes:
        tier: how freely it may be seen; at least as strict as everything it was made from, named or not.
        stages: what was done to the base, in this order: cpt, sft, preference.
        licence: SPDX expression; empty where it is closed.
        card: text by section of `training.derivatives.card`.
        commitments: sha256 (hex) of private parts, each of a salt and the document.
        weights_sha256: of the model's own file, where the member tells.
        address: where the member offers it, http or https.
    """

    name: str
    tier: Tier
    stages: Sequence[str]
    languages: Sequence[str] = ()
    licence: str = ""
    card: Mapping[str, str] = field(default_factory=dict)
    commitments: Sequence[str] = ()
    weights_sha256: str = ""
    address: str = ""


def checked(said: Description) -> Description:
    """Return the description in canonical form.

    Raises:
        Invalid: ``derivative-malformed`` names every field that is wrong; ``private-not-described``; see
            also `training.derivatives.card.checked_card`.
    """
    if said.tier in SEALED:
        return _sealed(said)
    return replace(
        said,
        name=required_text(
            said.name, field="name", longest=LONGEST_NAME, message="Give it a name.", code="name-missing"
        ),
        stages=_stages(said.stages),
        languages=_languages(said.languages),
        licence=_licence(said.licence),
        card=checked_card(said.card),
        commitments=_hashes(said.commitments),
        weights_sha256=_weights(said.weights_sha256),
        address=_address(said.address),
    )


def _sealed(said: Description) -> Description:
    """A private model stands here as commitments alone, as private data do: its card is one of them."""
    described = {
        "name": said.name,
        "languages": said.languages,
        "licence": said.licence,
        "address": said.address,
        **said.card,
    }
    if told := {name: ["stays with you"] for name, value in described.items() if value}:
        raise Invalid(
            "A private model is not described here.",
            code="private-not-described",
            requirement="INV-1",
            fields=told,
            remedy="Leave these empty, and give the hash of your card as a commitment.",
        )
    commitments = _hashes(said.commitments)
    if not commitments:
        raise _wrong("commitments", "at least one: a private model is nothing else here")
    weights = _weights(said.weights_sha256)
    return replace(said, stages=_stages(said.stages), commitments=commitments, weights_sha256=weights)


def _stages(stages: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(stage for stage in STAGES if stage in stages)
    if not kept or set(stages) - set(STAGES):
        raise _wrong("stages", f"one or more of {', '.join(STAGES)}")
    return kept


def _languages(tags: Sequence[str]) -> tuple[str, ...]:
    if len(tags) > MOST:
        raise _wrong("languages", f"at most {MOST}")
    try:
        return tuple(dict.fromkeys(check_language(tag) for tag in tags))
    except ValueError as error:
        raise _wrong("languages", str(error)) from None


def _licence(expression: str) -> str:
    if not expression.strip():
        return ""
    try:
        return check_licence(expression)
    except ValueError as error:
        raise _wrong("licence", str(error)) from None


def _hashes(hashes: Sequence[str]) -> tuple[str, ...]:
    if len(hashes) > MOST or not all(_SHA256.fullmatch(each) for each in hashes):
        raise _wrong("commitments", f"at most {MOST}, each 64 lower-case hex digits: a sha256")
    return tuple(dict.fromkeys(hashes))


def _weights(sha256: str) -> str:
    if sha256 and not _SHA256.fullmatch(sha256):
        raise _wrong("weights_sha256", "64 lower-case hex digits")
    return sha256


def _address(address: str) -> str:
    kept = plain_text(address, field="address", longest=LONGEST_ADDRESS)
    if kept:
        try:
            URLValidator(schemes=["http", "https"])(kept)
        except ValidationError:
            raise _wrong("address", "an address that begins with https://") from None
    return kept


def _wrong(name: str, problem: str) -> Invalid:
    return Invalid(f"{name}: {problem}.", code="derivative-malformed", fields={name: [problem]})
