"""Bits per byte against what a node has sent and received, round by round."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from training.experiment.report.drawing import WIDTH, figure, line, stroke, text
from training.experiment.report.looks import look_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.experiment.report.summary import ArmSummary

LEFT, RIGHT, TOP, BOTTOM = 38.0, 12.0, 26.0, 250.0
LEGEND_ROW = 20.0


class Scales:
    """From bytes (by their logarithm) and bits per byte to places on the drawing."""

    def __init__(self, arms: Sequence[ArmSummary]) -> None:
        points = [point for arm in arms for point in arm.course]
        levels = [point.bits_per_byte for point in points] + [arm.whole.mean for arm in arms]
        self.low, self.high = math.floor(min(levels) * 4) / 4, math.ceil(max(levels) * 4) / 4
        self.first = math.floor(math.log10(min(point.bytes for point in points)) * 2) / 2
        self.last = math.log10(max(point.bytes for point in points)) + 0.05

    def x(self, count: float) -> float:
        """Place of a number of bytes."""
        share = (math.log10(count) - self.first) / (self.last - self.first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, level: float) -> float:
        """Place of bits per byte."""
        return BOTTOM - (level - self.low) / (self.high - self.low) * (BOTTOM - TOP)

    def levels(self) -> Iterator[float]:
        """Levels that get a line."""
        step = next(size for size in (0.25, 0.5, 1.0, 2.0) if (self.high - self.low) / size <= 8)  # noqa: PLR2004
        level = math.ceil(self.low / step) * step
        while level <= self.high:
            yield level
            level += step

    def counts(self) -> Iterator[float]:
        """Numbers of bytes that get a line: 1, 2 and 5 of each decade."""
        for power in range(math.floor(self.first), math.ceil(self.last) + 1):
            for lead in (1, 2, 5):
                if self.first <= math.log10(lead * 10**power) <= self.last:
                    yield lead * 10.0**power


def curves(arms: Sequence[ArmSummary], periods: list[int]) -> str:
    """Draw the course of each arm that exchanges, and the two yardsticks as levels."""
    scales = Scales(arms)
    rows = math.ceil(len(arms) / 2)
    body = [
        *_frame(scales),
        *_levels(arms, scales),
        *_courses(arms, scales, periods),
        *_legend(arms, periods),
    ]
    best = min((arm for arm in arms if arm.course), key=lambda arm: arm.whole.mean)
    words = f"Of those that exchange, {best.title} ends lowest, at {best.whole.mean:.2f}; see the table."
    return figure(
        body,
        height=BOTTOM + 48 + rows * LEGEND_ROW,
        title="Bits per byte against megabytes that a node sent and received",
        description=words,
        name="curves",
    )


def _frame(scales: Scales) -> Iterator[str]:
    for level in scales.levels():
        yield line((LEFT, scales.y(level)), (WIDTH - RIGHT, scales.y(level)))
        yield text(LEFT - 6, scales.y(level) + 4, f"{level:g}", "soft end")
    for count in scales.counts():
        yield line((scales.x(count), TOP), (scales.x(count), BOTTOM))
        yield text(scales.x(count), BOTTOM + 16, f"{count / 1e6:g}", "soft middle")
    yield text(0, 12, "bits per byte, mean of the four languages", "soft")
    yield text(WIDTH - RIGHT, BOTTOM + 33, "megabytes per node, both ways (logarithmic)", "soft end")


def _levels(arms: Sequence[ArmSummary], scales: Scales) -> Iterator[str]:
    yardsticks = [arm for arm in arms if not arm.course]
    highest = max(yardsticks, key=lambda arm: arm.whole.mean)
    for arm in yardsticks:
        look, at = look_of(arm.name, []), scales.y(arm.whole.mean)
        yield line((LEFT, at), (WIDTH - RIGHT, at), "", stroke(look.colour, width=1.5))
        yield text(LEFT + 4, at - 5 if arm is highest else at + 13, arm.title, "strong")


def _courses(arms: Sequence[ArmSummary], scales: Scales, periods: list[int]) -> Iterator[str]:
    for arm in arms:
        look = look_of(arm.name, periods) if arm.course else None
        if look is None:
            continue
        places = [(scales.x(point.bytes), scales.y(point.bits_per_byte)) for point in arm.course]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{way}"{stroke(look.colour, width=look.width, dash=look.dash)}/>'
        x, y = places[-1]
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" style="fill: {look.colour}"/>'


def _legend(arms: Sequence[ArmSummary], periods: list[int]) -> Iterator[str]:
    for place, arm in enumerate(arms):
        look = look_of(arm.name, periods)
        x, y = LEFT + place % 2 * (WIDTH / 2), BOTTOM + 56 + place // 2 * LEGEND_ROW
        yield line((x, y - 4), (x + 30, y - 4), "", stroke(look.colour, width=look.width, dash=look.dash))
        yield text(x + 38, y, arm.title)
