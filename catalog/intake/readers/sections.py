"""The body of a dataset card: its title, its first paragraph, and sections by their headings."""

import re
from dataclasses import dataclass, field
from typing import Final

_HEADING: Final = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$")
_FENCE: Final = re.compile(r"^[ \t]{0,3}(```|~~~)")
_EMPTY: Final = re.compile(
    r"\[?\s*(?:more information needed|needs more information|n/a)\s*\]?(?:\([^)]*\))?\.?", re.IGNORECASE
)
_CARD_FOR: Final = re.compile(r"^(?:dataset card (?:for|of)|data card:?)\s+", re.IGNORECASE)
_NOT_TEXT: Final = re.compile(r"^\s*(?:[|!<]|\[!\[|[-*+]\s*\[|[-*]{3,}\s*$)")


@dataclass(slots=True)
class Body:
    """Texts as they are, still Markdown; ``sections`` lead from a heading in lower case to its text."""

    title: str = ""
    opening: str = ""
    rest: str = ""
    sections: dict[str, str] = field(default_factory=dict)

    def under(self, *headings: str) -> str:
        """Return what stands under the first of these headings that has a text of its own."""
        return next((text for name in headings if (text := self.sections.get(name, ""))), "")


def read_body(text: str) -> Body:
    """Divide a card's body at its headings; blocks of code hold no heading."""
    body, heading, fenced = Body(), "", False
    lines: dict[str, list[str]] = {"": []}
    for line in text.split("\n"):
        fenced ^= _FENCE.match(line) is not None
        found = None if fenced else _HEADING.match(line)
        if found is None:
            lines[heading].append(line)
            continue
        name = " ".join(found[2].split())
        if not body.title and len(found[1]) == 1:
            body.title, name = _CARD_FOR.sub("", name), ""
        heading = name.lower()
        lines.setdefault(heading, [])
    body.sections = {name: said for name, each in lines.items() if (said := _said(each))}
    described = body.under("", "dataset summary", "dataset description", "description", "summary", "overview")
    paragraphs = [each for each in re.split(r"\n[ \t]*\n", described) if not _NOT_TEXT.match(each)]
    body.opening = paragraphs[0] if paragraphs else ""
    body.rest = "\n\n".join(paragraphs)
    return body


def _said(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    return "" if _EMPTY.fullmatch(text) else text
