"""Licences that a file states about itself: SPDX tags, and the opening words of well-known texts."""

import re
from functools import cache
from typing import Final

from license_expression import ExpressionError, Licensing, get_spdx_licensing

from catalog.facts.model import Licence

_TAG: Final = re.compile(rb"SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+() \t-]{2,120})")
_MOST: Final = 100
_SPACE: Final = re.compile(r"\s+")

TEXTS: Final = (
    ("apache license version 2.0, january 2004", "Apache-2.0"),
    ("permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"),
    ("gnu affero general public license version 3", "AGPL-3.0-only"),
    ("gnu lesser general public license version 3", "LGPL-3.0-only"),
    ("gnu general public license version 3", "GPL-3.0-only"),
    ("gnu general public license version 2", "GPL-2.0-only"),
    ("mozilla public license version 2.0", "MPL-2.0"),
    ("mozilla public license, version 2.0", "MPL-2.0"),
    ("neither the name of the copyright holder nor the names of its contributors", "BSD-3-Clause"),
    ("permission to use, copy, modify, and/or distribute this software for any purpose", "ISC"),
    ("this is free and unencumbered software released into the public domain", "Unlicense"),
    ("community data license agreement - permissive - version 2.0", "CDLA-Permissive-2.0"),
    ("community data license agreement – permissive – version 2.0", "CDLA-Permissive-2.0"),
    ("community data license agreement - permissive - version 1.0", "CDLA-Permissive-1.0"),
    ("open data commons attribution license", "ODC-By-1.0"),
    ("odc open database license", "ODbL-1.0"),
    ("open data commons public domain dedication", "PDDL-1.0"),
    ("cc0 1.0 universal", "CC0-1.0"),
    *(
        (f"{words} {version} international", f"CC-{letters}-{version}")
        for words, letters in (
            ("attribution-noncommercial-noderivatives", "BY-NC-ND"),
            ("attribution-noncommercial-sharealike", "BY-NC-SA"),
            ("attribution-noncommercial", "BY-NC"),
            ("attribution-noderivatives", "BY-ND"),
            ("attribution-sharealike", "BY-SA"),
            ("attribution", "BY"),
        )
        for version in ("4.0",)
    ),
)  # fmt: skip
"""(words in lower case with single spaces, SPDX expression); more specific words first."""


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


def tagged_licences(block: bytes, where: str) -> set[Licence]:
    """Return the licences that ``SPDX-License-Identifier`` tags in a block of bytes name."""
    if b"SPDX-License-Identifier" not in block:
        return set()
    found = {match[1].decode("ascii").strip() for match in _TAG.finditer(block)}
    normal = {expression for text in sorted(found)[:_MOST] if (expression := normalise(text))}
    return {Licence(expression=expression, where=where) for expression in normal}


def licence_of_text(head: bytes, where: str) -> Licence | None:
    """Return the well-known licence whose words stand in the head of a file."""
    text = _SPACE.sub(" ", head.decode("utf-8", "replace")).lower()
    expression = next((expression for words, expression in TEXTS if words in text), None)
    return Licence(expression=expression, where=where) if expression else None


def normalise(text: str) -> str | None:
    """Return an SPDX expression in its normal form; None where it names a licence that SPDX does not know."""
    try:
        return str(_licensing().parse(text, validate=True, strict=True))
    except (ExpressionError, ValueError):
        return None
