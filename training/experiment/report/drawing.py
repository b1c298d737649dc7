"""SVG by small functions: text, lines, boxes, and the frame that makes a drawing stand by itself."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

TOKENS: Final = Path(__file__).parents[3] / "static" / "css" / "tokens.css"
WIDTH: Final = 400
"""Units of all drawings; a phone shows them somewhat smaller, and text of 12 stays readable."""
_COLOURS: Final = re.compile(r"^\s*(--[a-z-]+: light-dark\([^)]*\);)$", re.MULTILINE)
_STYLE: Final = """
text { font: 12px var(--drawing-font, system-ui, sans-serif); fill: var(--ink); }
text.soft { fill: var(--ink-soft); }
text.end { text-anchor: end; }
text.middle { text-anchor: middle; }
text.strong { font-weight: 600; }
line.hair, path.hair { stroke: var(--rule); }
line.axis { stroke: var(--rule-strong); }
"""


def colours() -> str:
    """Return the declarations of the design's colours, each for light and dark."""
    return " ".join(_COLOURS.findall(TOKENS.read_text(encoding="utf-8")))


def figure(body: Iterable[str], *, height: float, title: str, description: str, name: str) -> str:
    """Return a whole drawing; ``name`` makes its ids its own. Its words are for who does not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        f' aria-labelledby="{name}-title {name}-words"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(description)}</desc><style>{_STYLE}</style>{"".join(body)}</svg>'
    )


def alone(svg: str) -> str:
    """Return a drawing as a file of its own, with the colours and the ground that a page would give it."""
    ground = f"svg {{ color-scheme: light dark; {colours()} background: var(--sheet); }}"
    return svg.replace("<style>", f"<style>{ground}", 1) + "\n"


def text(x: float, y: float, said: str, kind: str = "", more: str = "") -> str:
    """Return a line of text; ``kind`` are classes."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{more}>{escape(said)}</text>'


def line(start: tuple[float, float], end: tuple[float, float], kind: str = "hair", more: str = "") -> str:
    """Return a straight line."""
    (x1, y1), (x2, y2) = start, end
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"{more}/>'


def box(corner: tuple[float, float], size: tuple[float, float], fill: str, more: str = "") -> str:
    """Return a rectangle."""
    (x, y), (width, height) = corner, size
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"'
        f' style="fill: {fill}"{more}/>'
    )


def stroke(colour: str, *, width: float = 2, dash: str = "") -> str:
    """Return the attributes of a coloured line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' style="stroke: {colour}; fill: none" stroke-width="{width:g}"{dashes}'
