"""Licence ids of the Hugging Face Hub, where they differ from SPDX only in writing.

Source: the Hub's documentation, "Licenses", and FIELD.md §4. What the Hub has no id for is ``other``,
with the licence's own name and address beside it.
"""

from typing import Final

from catalog.datasets.vocabulary import UNKNOWN_LICENCE

# SPDX ids whose Hub id is the same in lower case.
_SAME: Final = frozenset(
    {
        *("AFL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear"),
        *("BSL-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0"),
        *("CC-BY-NC-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0"),
        *("CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "C-UDA-1.0"),
        *("CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ECL-2.0", "EPL-1.0", "EPL-2.0"),
        *("EUPL-1.1", "EUPL-1.2", "ISC", "LPPL-1.3c", "MIT", "MPL-2.0", "MS-PL", "NCSA", "OFL-1.1"),
        *("OSL-3.0", "PostgreSQL", "Unlicense", "WTFPL", "Zlib", "etalab-2.0"),
    }
)
_OTHERWISE: Final = {
    "C-UDA-1.0": "c-uda",
    "ODbL-1.0": "odbl",
    "ODC-By-1.0": "odc-by",
    "PDDL-1.0": "pddl",
    **{f"{name}-{kind}": name.lower() for name in ("AGPL-3.0", "GPL-2.0", "GPL-3.0", "LGPL-2.1", "LGPL-3.0")
       for kind in ("only", "or-later")},
    **{f"GFDL-{version}-{kind}": "gfdl" for version in ("1.1", "1.2", "1.3")
       for kind in ("only", "or-later")},
}  # fmt: skip


def hub_licence(expression: str) -> str:
    """Return the Hub's id of an SPDX expression; what it does not list is ``other``, and unknown stays so."""
    if expression == UNKNOWN_LICENCE:
        return "unknown"
    if expression in _OTHERWISE:
        return _OTHERWISE[expression]
    return expression.lower() if expression in _SAME else "other"
