"""Headings as people write them, brought to the form in which they are compared."""

import re
from functools import cache
from typing import Final

from catalog.batches.fields import FIELDS, TEXTS
from catalog.datasets.vocabulary import check_language
from catalog.intake.languages import tag_named

_APART: Final = re.compile(r"[\s_\-./:*?()\[\]{}<>|#]+")
_HUMPS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TAGGED: Final = re.compile(
    r"^(?P<name>.*?)\s*(?:[\[(@.:_\- ]+)(?P<tag>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)[\])]?$"
)
_NAMED: Final = re.compile(r"^(?P<name>.*?)[\s(\[]+(?:in )?(?P<language>[a-z]+(?: [a-z]+)?)[)\]]?$")
_IN_OTHER_WORDS: Final = {
    "titre": "title.fr",
    "résumé": "summary.fr",
    "tiêu đề": "title.vi",
    "mô tả": "description.vi",
    "titel": "title",
    "título": "title",
    "descripción": "description",
    "descrição": "description",
    "beschreibung": "description",
}


def plain_heading(heading: str) -> str:
    """Return a heading in lower case, its words apart: ``datasetName`` and ``Dataset_name:`` are one."""
    return _APART.sub(" ", _HUMPS.sub(" ", heading)).strip().casefold()


@cache
def path_of_heading(heading: str) -> str:
    """Return the path that a heading names, with its language where it says one; "" where it names none."""
    plain = plain_heading(heading)
    if path := _paths().get(plain):
        return path
    for pattern, language in ((_TAGGED, "tag"), (_NAMED, "language")):
        found = pattern.match(heading if pattern is _TAGGED else heading.casefold())
        if found and (path := _paths().get(plain_heading(found["name"]), "")) in TEXTS:
            tag = _tag(found[language])
            return f"{path}.{tag}" if tag else ""
    return ""


@cache
def _paths() -> dict[str, str]:
    own = {plain_heading(path): path for path in FIELDS}
    said = {synonym: field.path for field in FIELDS.values() for synonym in field.synonyms}
    return {**_IN_OTHER_WORDS, **said, **own}


def _tag(word: str) -> str:
    if named := tag_named(word):
        return named
    try:
        return check_language(word.replace("_", "-"))
    except ValueError:
        return ""
