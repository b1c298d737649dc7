"""Texts of stewards inside Markdown, TeX and lists of lines: they are shown, and never act."""

import re
import unicodedata
from typing import Final

_MARKDOWN: Final = re.compile(r"([\\`*_\[\]|~#$!^])")
_LINE_START: Final = re.compile(r"^([+\-=:]|\d+(?=[.)]))", re.MULTILINE)
_HTML: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def one_line(text: str) -> str:
    """Return the text without control characters and with single spaces, on one line."""
    printable = (
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cs"}
    )
    return " ".join("".join(printable).split())


def markdown(text: str) -> str:
    """Return text that any Markdown renderer shows as it is: no markup, no HTML, no heading, list or table.

    Paragraphs stay. Angle brackets and ampersands become entities, since some renderers pass HTML through;
    all other ASCII punctuation that could act is escaped (CommonMark 0.31, §2.4).
    """
    paragraphs = (one_line(part) for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return "\n\n".join(_escaped(part) for part in paragraphs if part)


def cell(text: str) -> str:
    """Return text for a cell of a Markdown table: escaped, on one line."""
    return _escaped(one_line(text))


def tex(text: str) -> str:
    """Return text for a field of BibTeX: the ten signs that act in TeX are escaped, braces among them."""
    return "".join(_TEX.get(character, character) for character in one_line(text))


def _escaped(line: str) -> str:
    safe = "".join(_HTML.get(character, character) for character in line)
    safe = _MARKDOWN.sub(r"\\\1", safe)
    return _LINE_START.sub(lambda found: _at_the_start(found[1]), safe)


def _at_the_start(found: str) -> str:
    return f"{found}\\" if found.isdigit() else f"\\{found}"
