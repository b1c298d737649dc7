"""How the commands print: columns for people, JSON for programs."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any


def say(line: str = "") -> None:
    """Print one line."""
    sys.stdout.write(line + "\n")


def say_json(document: object) -> None:
    """Print a document as JSON."""
    say(json.dumps(document, indent=2, ensure_ascii=False))


def say_table(heads: Sequence[str], rows: Sequence[Sequence[Any]], *, empty: str) -> None:
    """Print rows under their heads, each column as wide as it has to be; the last one is free."""
    if not rows:
        say(empty)
        return
    texts = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(heads))]
    for row in texts:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def say_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Print names and what they stand for; names left out repeat the one above."""
    width = max(len(name) for name, _ in pairs)
    for name, text in pairs:
        say(f"{name.ljust(width)}  {text}".rstrip())


def ago(then: datetime) -> str:
    """Return how long ago this was, in one unit."""
    seconds = max(0, int((datetime.now(UTC) - then).total_seconds()))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
