"""Answers of a record as lines of text. A draft may hold anything: what can not be read is shown as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.core.validators import slug_re
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalog.design.languages import autonym, text_direction
from catalog.design.quantities import human_bytes
from catalog.design.terms import label_of
from catalog.design.tier_words import TIER_WORDS
from catalog.vocabularies.reading import terms_of

SCREENED: Final = {
    "absent": _("absent"),
    "present": _("present"),
    "removed": _("removed"),
    "unknown": _("not screened"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value as text; texts written by stewards carry their language and direction, addresses a link.

    ``name`` is the beginning of the text that alone is in the language of ``tag``, as a language's own name.
    """

    text: str
    tag: str = ""
    direction: str = ""
    url: str = ""
    name: str = ""

    @property
    def rest(self) -> str:
        """What follows the name."""
        return self.text.removeprefix(self.name)


def lines_of(value: Any, reading: str) -> tuple[Line, ...]:
    """Return the lines of an answer; none for an empty one. ``reading`` as in ``records.Question``."""
    if value in (None, "", [], {}):
        return ()
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=_RANKS.get(reading, _unranked))
        return tuple(_BY_KEY.get(reading, _pair)(str(key), each) for key, each in pairs)
    values = value if isinstance(value, list) else [value]
    return tuple(_line(each, reading) for each in values)


def _line(value: Any, reading: str) -> Line:
    read = _BY_READING.get(reading)
    if read is not None:
        try:
            return read(value)
        except (TypeError, ValueError, KeyError, ArithmeticError):
            return Line(text=str(value))
    if isinstance(value, bool):
        return Line(text=gettext("Yes") if value else gettext("No"))
    return Line(text=label_of(reading, str(value)) if reading else str(value))


def _unranked(_pair: tuple[str, Any]) -> float:
    return 0


def _largest_first(pair: tuple[str, Any]) -> float:
    share = pair[1]
    return -share if isinstance(share, int | float) else 0


def _as_listed(pair: tuple[str, Any]) -> float:
    terms = list(terms_of("unwanted-category", retired=True))
    return terms.index(pair[0]) if pair[0] in terms else len(terms)


def _text(tag: str, text: Any) -> Line:
    return Line(text=str(text), tag=tag, direction=text_direction(tag))


def _share(tag: str, share: Any) -> Line:
    name = autonym(tag)
    return Line(text=f"{name} ({tag}): {_line(share, 'percent').text}", tag=tag, name=name)


def _screened(code: str, found: Any) -> Line:
    answer = SCREENED.get(found, found) if isinstance(found, str) else found
    return Line(text=f"{label_of('unwanted-category', code)}: {answer}")


def _pair(key: str, value: Any) -> Line:
    return Line(text=f"{key}: {value}")


def _language(tag: Any) -> Line:
    name = autonym(str(tag))
    return Line(text=f"{name} ({tag})", tag=str(tag), name=name)


def _known(answer: Any) -> Line:
    return Line(text=gettext("Not known")) if answer == "unknown" else _line(answer, "")


def _tier(tier: Any) -> Line:
    return Line(text=str(TIER_WORDS[tier].word))


def _day(day: Any) -> Line:
    return Line(text=date_format(date.fromisoformat(day), "j F Y"))


def _percent(share: Any) -> Line:
    number = (Decimal(repr(share)) * 100).normalize()
    return Line(text=gettext("%(number)s %%") % {"number": number_format(f"{number:f}")})


def _count(number: Any) -> Line:
    return Line(text=number_format(int(number), use_l10n=True, force_grouping=True))


def _size(number: Any) -> Line:
    return Line(text=human_bytes(int(number)))


def _days(number: Any) -> Line:
    return Line(text=ngettext("%(n)d day", "%(n)d days", int(number)) % {"n": int(number)})


def _address(address: Any) -> Line:
    text = str(address)
    return Line(text=text, url=text if text.startswith(("https://", "http://")) else "")


def _creator(creator: Any) -> Line:
    return Line(text=str(creator["name"]), url=_address(creator.get("address") or "").url)


def _source(source: Any) -> Line:
    slug, number = str(source["dataset"]), int(source["version"])
    url = reverse("dataset-version", args=[slug, number]) if slug_re.fullmatch(slug) and number > 0 else ""
    return Line(text=gettext("%(slug)s, version %(n)d") % {"slug": slug, "n": number}, url=url)


_BY_KEY: Final[Mapping[str, Callable[[str, Any], Line]]] = {
    "texts": _text,
    "shares": _share,
    "screening": _screened,
}
# The database keeps the keys of an object in an order of its own, by their length.
_RANKS: Final[Mapping[str, Callable[[tuple[str, Any]], float]]] = {
    "shares": _largest_first,
    "screening": _as_listed,
}
_BY_READING: Final[Mapping[str, Callable[[Any], Line]]] = {
    "languages": _language,
    "known": _known,
    "tier": _tier,
    "day": _day,
    "percent": _percent,
    "count": _count,
    "bytes": _size,
    "days": _days,
    "address": _address,
    "creators": _creator,
    "sources": _source,
}
