"""Bits per byte of each arm in each language, as bars with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.experiment.report.drawing import WIDTH, box, figure, line, stroke, text
from training.experiment.report.looks import look_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from training.experiment.intervals import Interval
    from training.experiment.report.summary import ArmSummary

LEFT, RIGHT, TOP = 112.0, 46.0, 20.0
ROW, BAR, HEAD, GAP = 17.0, 11.0, 20.0, 12.0


def bars(arms: Sequence[ArmSummary], periods: list[int], languages: Mapping[str, str]) -> str:
    """Draw one group for each language (its tag and its name); all bars begin at zero."""
    most = max(found.mean + (found.half or 0) for arm in arms for found in arm.languages.values())
    body: list[str] = []
    y = TOP
    for tag, name in languages.items():
        body += [text(0, y, name, "strong")]
        for place, arm in enumerate(arms):
            body += _bar(arm, arm.languages[tag], y + HEAD + place * ROW, most, periods)
        y += HEAD + len(arms) * ROW + GAP
    return figure(
        body,
        height=y,
        title="Bits per byte by language, with intervals over seeds",
        description="A bar for each way of training in each language; shorter is better.",
        name="bars",
    )


def _bar(arm: ArmSummary, found: Interval, y: float, most: float, periods: list[int]) -> Iterator[str]:
    scale = (WIDTH - LEFT - RIGHT) / most
    look = look_of(arm.name, periods)
    end, middle = LEFT + found.mean * scale, y - BAR / 2 + 1
    yield text(LEFT - 8, y, arm.title, "soft end")
    yield box((LEFT, y - BAR + 1), (found.mean * scale, BAR), look.colour, ' opacity="0.75"')
    reach = (found.half or 0) * scale
    if reach:
        yield line((end - reach, middle), (end + reach, middle), "", stroke("var(--ink)", width=1.5))
        for side in (-reach, reach):
            yield line(
                (end + side, middle - 4), (end + side, middle + 4), "", stroke("var(--ink)", width=1.5)
            )
    yield text(max(end + reach, LEFT) + 5, y, f"{found.mean:.2f}")
