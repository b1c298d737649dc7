"""Attack × rule as a map: how much worse each rule's base is than one without the hostile members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.experiment.report.drawing import WIDTH, box, figure, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.experiment.report.summary import AttackSummary, Outcome

LEFT, HEAD, ROW = 96.0, 92.0, 26.0
STRONGEST = 45
"""Per cent of colour at most: figures keep 4.5:1 on it, in both themes."""
FULL = 1.0
"""Bits per byte above the yardstick at which the colour is strongest."""
REFUSALS = {"too-few-updates": "n < 2f+3", "non-finite": "refused", "model-not-finite": "not finite"}
SHORT = {
    "norm-clipped-mean": "clipped mean",
    "geometric-median": "geom. median",
    "coordinate-median": "coord. median",
    "ties": "TIES",
    "krum": "Krum",
    "multi-krum": "multi-Krum",
}


def heat(attacks: Sequence[AttackSummary], members: int) -> str:
    """Draw the map for one number of hostile members."""
    hostile, rules = attacks[0].hostile, list(attacks[0].outcomes)
    wide = (WIDTH - LEFT) / len(rules)
    body = [_column(LEFT + wide * (place + 0.5), rule) for place, rule in enumerate(rules)]
    for row, attack in enumerate(attacks):
        body += _row(attack, HEAD + row * ROW, wide)
    return figure(
        body,
        height=HEAD + len(attacks) * ROW + 4,
        title=f"Bits per byte under attack, {hostile} of {members} members hostile",
        description="A row for each attack, a column for each rule; the deeper the colour, the worse.",
        name=f"heat-{hostile}",
    )


def short(rule: str) -> str:
    """Return a rule's name for the head of a column."""
    return SHORT.get(rule, rule.replace("-", " "))


def warmth(outcome: Outcome, without: float) -> int:
    """Return the per cent of colour of a cell: none where the base is as good as without the hostile ones."""
    if outcome.bits_per_byte is None:
        return 0
    return round(STRONGEST * min(1.0, max(0.0, (outcome.bits_per_byte.mean - without) / FULL)))


def said(outcome: Outcome) -> str:
    """Return a cell's figure, or why there is none."""
    if outcome.bits_per_byte is None:
        return REFUSALS.get(outcome.refused, outcome.refused)
    return f"{outcome.bits_per_byte.mean:.2f}"


def _column(x: float, rule: str) -> str:
    turned = f' transform="rotate(-55 {x:.1f} {HEAD - 8:.1f})"'
    return text(x, HEAD - 8, short(rule), "", turned)


def _row(attack: AttackSummary, y: float, wide: float) -> Iterator[str]:
    yield text(LEFT - 8, y + 17, attack.attack, "end")
    for place, outcome in enumerate(attack.outcomes.values()):
        x = LEFT + place * wide
        per_cent = warmth(outcome, attack.without.mean)
        known = outcome.bits_per_byte is not None
        fill = f"color-mix(in srgb, var(--bad) {per_cent}%, var(--sheet))" if known else "var(--sunk)"
        yield box((x + 1, y + 1), (wide - 2, ROW - 2), fill)
        small = "" if known else ' style="font-size: 9px"'
        yield text(x + wide / 2, y + 17, said(outcome), "middle", small)
