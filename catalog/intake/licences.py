"""From the names of licences that people write to SPDX expressions, and what their texts say.

Unknown stays unknown: no name is rounded up to a permissive licence, and only what the text of a known
licence says itself becomes a right (FIELD.md §4). Sources: the licence texts; names as in the vocabulary
``permissive-licence``.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from catalog.datasets.vocabulary import UNKNOWN_LICENCE, check_licence
from catalog.vocabularies.reading import terms_of

Rights = Mapping[str, bool | str]

_QUESTIONS: Final = ("commercial_use", "model_training", "redistribution", "attribution")
NO_RIGHTS: Final[Rights] = MappingProxyType(dict.fromkeys(_QUESTIONS, "unknown"))


def _says(
    commercial: bool | str, training: bool | str, redistribution: bool | str, attribution: bool | str
) -> Rights:
    return MappingProxyType(
        dict(zip(_QUESTIONS, (commercial, training, redistribution, attribution), strict=True))
    )


# Free use for any purpose, with the notice kept; free use without any condition; the same, and silent or
# ambiguous about naming the source.
_NOTICE: Final = _says(True, True, True, True)
_DEDICATED: Final = _says(True, True, True, False)
_FREE: Final = _says(True, True, True, "unknown")
# Not for profit. No derivatives: whether a model is one, the text does not say.
_NOT_COMMERCIAL: Final = _says(False, True, True, True)
_NO_DERIVATIVES: Final = _says(True, "unknown", True, True)
_NEITHER: Final = _says(False, "unknown", True, True)

_CC: Final = {
    f"CC-{letters}-{version}": rights
    for letters, rights in {
        "BY": _NOTICE,
        "BY-SA": _NOTICE,
        "BY-NC": _NOT_COMMERCIAL,
        "BY-NC-SA": _NOT_COMMERCIAL,
        "BY-ND": _NO_DERIVATIVES,
        "BY-NC-ND": _NEITHER,
    }.items()
    for version in ("1.0", "2.0", "2.5", "3.0", "4.0")
}
TEXTS: Final[Mapping[str, Rights]] = MappingProxyType(
    {
        **_CC,
        **dict.fromkeys(("CC0-1.0", "PDDL-1.0", "Unlicense", "0BSD", "MIT-0"), _DEDICATED),
        **dict.fromkeys(
            ("MIT", "Apache-2.0", "AFL-3.0", "BSD-2-Clause", "BSD-3-Clause", "ECL-2.0", "ISC", "PostgreSQL"),
            _NOTICE,
        ),
        **dict.fromkeys(("MS-PL", "ODC-By-1.0", "ODbL-1.0", "etalab-2.0", "BSL-1.0"), _NOTICE),
        **dict.fromkeys(("CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "Zlib"), _FREE),
        **dict.fromkeys(("GPL-3.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "MPL-2.0"), _NOTICE),
    }
)


def licence_named(name: str) -> str:
    """Return the SPDX expression for a licence's name or id, ``unknown`` for everything else."""
    plain = " ".join(name.split()).lower()
    if not plain:
        return UNKNOWN_LICENCE
    return _permissive().get(plain) or _listed(plain)


def rights_of(licence: str) -> Rights:
    """Return what the text of a licence says; four times ``unknown`` where we do not know its text."""
    return TEXTS.get(licence, NO_RIGHTS)


def _permissive() -> Mapping[str, str]:
    terms = terms_of("permissive-licence")
    return {name: code for code, term in terms.items() for name in term.properties.get("names", ())}


@cache
def _listed(text: str) -> str:
    try:
        return check_licence(text)
    except ValueError:
        return UNKNOWN_LICENCE
