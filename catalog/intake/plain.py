"""Plain text out of HTML and Markdown that strangers wrote. Nothing of their markup is kept."""

import re
from html.parser import HTMLParser
from typing import Final

LONGEST: Final = 10_000  # characters of a description
LONGEST_SUMMARY: Final = 300
_SILENT: Final = frozenset({"script", "style", "template", "noscript", "head"})
_BREAKING: Final = frozenset(
    {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table"}
)
_MARKDOWN: Final = (
    (re.compile(r"!\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{1,500})\]\([^)\n]{0,2000}\)"), r"\1"),
    (re.compile(r"^[ \t]{0,3}(?:#{1,6}|>|[-*+])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_=][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"```[^\n]{0,100}|`"), ""),
    (re.compile(r"\*\*|__|~~"), ""),
)
_CONTROL: Final = re.compile(r"(?:[^\S\n]|[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff])+")
_EDGES: Final = re.compile(r" ?\n ?")
_LINES: Final = re.compile(r"\n\n+")
_UNCLOSED: Final = re.compile(r"<[A-Za-z/!][^<>]{0,500}\Z")
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？।])\s+|\n")
_CUT_OFF: Final = re.compile(r"…? ?See the full description on the dataset page: \S+\s*$")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in _SILENT
        if tag in _BREAKING:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BREAKING:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def plain(text: str, *, longest: int = LONGEST) -> str:
    """Return the text without markup, runs of white space as one, at most ``longest`` characters."""
    parser = _Text()
    parser.feed(_UNCLOSED.sub("", text[: 4 * LONGEST]))
    parser.close()
    bare = "".join(parser.pieces)
    for pattern, kept in _MARKDOWN:
        bare = pattern.sub(kept, bare)
    bare = _CUT_OFF.sub("…", bare.encode("utf-8", "ignore").decode())
    bare = _EDGES.sub("\n", _CONTROL.sub(" ", bare))
    return shortened(_LINES.sub("\n\n", bare).strip(), longest)


def summary_of(text: str) -> str:
    """Return the first sentences of a plain text, as many as fit into a summary."""
    taken = ""
    for sentence in _SENTENCE.split(text):
        longer = f"{taken} {sentence.strip()}".strip()
        if len(longer) > LONGEST_SUMMARY:
            break
        taken = longer
    return taken or shortened(" ".join(text.split()), LONGEST_SUMMARY)


def shortened(text: str, longest: int) -> str:
    """Cut at a word's end, and show that something was cut."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(None, 1)[0] + "…"
