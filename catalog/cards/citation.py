"""How a version is cited: one model, which four formats write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from catalog.cards.escaping import one_line
from catalog.datasets.models import DatasetVersion
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.design.languages import choose_text
from catalog.interchange.addresses import version_address

NO_CREATORS: Final[tuple[dict[str, str], ...]] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """A person or a body; nobody told us which, so the name is one text. ``address`` may be empty."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What is cited: one immutable version. All texts are on one line.

    Attributes:
        key: of letters, digits and hyphens, the same for ever.
        authors: the creators; where they are not told, the member that publishes.
        digest: hex sha256 of the version, its identifier wherever it is found.
    """

    key: str
    title: str
    language: str
    authors: tuple[Author, ...]
    publisher: str
    published: date
    version: int
    digest: str
    url: str
    licence: str
    keywords: tuple[str, ...]
    abstract: str


def citation_of(version: DatasetVersion, record: Mapping[str, Any], *, language: str) -> Citation:
    """Cite a version by what ``record``, the part of it that the reader may read, tells."""
    title = choose_text(version.titles, language)
    creators = [
        Author(one_line(each["name"]), each.get("address") or "")
        for each in record.get("creators") or NO_CREATORS
    ]
    member = version.dataset.member.name
    licence = record.get("licence") or UNKNOWN_LICENCE
    return Citation(
        key=f"{version.dataset.slug}-v{version.number}".replace("_", "-"),
        title=one_line(title.text),
        language=title.tag,
        authors=tuple(creators) or (Author(member),),
        publisher=member,
        published=version.published_at.date(),
        version=version.number,
        digest=version.digest,
        url=version_address(version),
        licence="" if licence == UNKNOWN_LICENCE else licence,
        keywords=tuple(one_line(str(word)) for word in record.get("keywords") or ()),
        abstract=one_line(choose_text(record.get("summary") or {}, language).text),
    )
