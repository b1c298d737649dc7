"""How an arm looks in every drawing: a colour for its rule, a dash for its period; never colour alone."""

from typing import NamedTuple

_COLOURS = {
    "pooled": "var(--ink)",
    "alone": "var(--rule-strong)",
    "mean": "var(--action)",
    "diloco": "var(--attention)",
}
_DASHES = ("", "6 3", "2 3")
_WIDTHS = (2.0, 2.0, 3.0)


class Look(NamedTuple):
    """Colour as CSS, dash and width as SVG writes them."""

    colour: str
    dash: str
    width: float


def look_of(name: str, periods: list[int]) -> Look:
    """Return the look of an arm; dashes follow the order of the periods, the shortest is solid."""
    rule, _, period = name.partition("-")
    place = periods.index(int(period)) % len(_DASHES) if period else 0
    return Look(_COLOURS[rule], _DASHES[place], _WIDTHS[place])
