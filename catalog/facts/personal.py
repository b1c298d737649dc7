"""Personal data that a pattern and, where there is one, a check sum can tell: counted, never kept.

Names, addresses and national numbers are not looked for: without check sum and context, a pattern for them
finds more nonsense than persons. Zero says that none of these kinds was seen in the sample, nothing more.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Final

import phonenumbers

from catalog.facts.bounds import half_width
from catalog.facts.drawing import METHOD
from catalog.facts.model import PersonalData, PersonalDatum, Sample

_FEWEST_DIGITS: Final = 2
_EMAIL: Final = re.compile(r"\b[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b", re.IGNORECASE)
_PHONE: Final = re.compile(r"(?<![\w+])\+\d[\d ().\-/]{6,22}\d")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD: Final = re.compile(r"(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d.-])")
_IP_4: Final = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IP_6: Final = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE)

KINDS: Final = ("e-mail", "phone", "iban", "card", "ip-address")


def screen(text: str) -> Iterator[str]:
    """Yield the kind of each find in a text."""
    yield from ("e-mail" for _ in _EMAIL.finditer(text)) if "@" in text else ()
    yield from ("phone" for found in _PHONE.finditer(text) if is_phone(found[0]))
    yield from ("iban" for found in _IBAN.finditer(text) if is_iban(found[0]))
    yield from ("card" for found in _CARD.finditer(text) if is_card(found[0]))
    yield from (
        "ip-address" for pattern in (_IP_4, _IP_6) for found in pattern.finditer(text) if is_public(found[0])
    )


def describe_personal_data(texts: Sequence[str], total: int) -> PersonalData:
    """Count finds in sampled records; the bound is that of the share of records with any find."""
    found: Counter[str] = Counter()
    records = 0
    for text in texts:
        kinds = list(screen(text))
        found.update(kinds)
        records += bool(kinds)
    sampled = len(texts)
    return PersonalData(
        found=tuple(
            PersonalDatum(kind=kind, count=count, per_million_records=round(count * 1_000_000 / sampled))
            for kind, count in sorted(found.items())
        ),
        sample=Sample(records=sampled, of=total, method=METHOD, bound=half_width(records, sampled, total)),
    )


def is_phone(text: str) -> bool:
    """Tell whether an international number is one that its country's plan allows."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def is_iban(text: str) -> bool:
    """Check an international bank account number: ISO 7064, MOD 97-10."""
    packed = text.replace(" ", "")
    digits = "".join(str(int(character, 36)) for character in packed[4:] + packed[:4])
    return 15 <= len(packed) <= 34 and int(digits) % 97 == 1  # noqa: PLR2004 - ISO 13616's lengths


def is_card(text: str) -> bool:
    """Check a payment card's number: Luhn's sum (ISO/IEC 7812-1), the first digit, and that digits differ."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    plausible = digits[0] in {2, 3, 4, 5, 6} and len(set(digits)) >= _FEWEST_DIGITS
    return plausible and (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def is_public(text: str) -> bool:
    """Tell whether it is an address of the public internet; private and reserved ones name nobody."""
    try:
        return ip_address(text).is_global
    except ValueError:
        return False
