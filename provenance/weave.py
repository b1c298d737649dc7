"""The weave mark: a small woven square that stands for a digest.

Drawn as a hand weaver drafts cloth: a threading (which shaft lifts each warp end), a treadling
(which treadle each weft pick presses) and a tie-up (which shafts a treadle lifts). The draft and the
dyes come from a hash of the digest, so one changed bit redraws the cloth, and both halves mirror,
because people remember symmetric figures better than noise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape
from itertools import accumulate, count, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HALF = 6
ENDS = 2 * HALF - 1
SHAFTS = 4
CELL = 12
THREAD = 10

# Warp dyes are deep and weft dyes are light, so that the figure shows in both themes and in print.
WARP_DYES = ("#2f4b7c", "#9b3b2e", "#4a525e", "#1f6f66", "#86345f", "#6b4a2e", "#2b6a8f", "#50682f")
WEFT_DYES = ("#d9b13b", "#cdbb94", "#e0913f", "#d98c8c", "#86b4d6", "#8fbf9f", "#b7a3d0", "#c9c4bc")


@dataclass(frozen=True, slots=True)
class Draft:
    """The plan of one cloth: lifts[pick][end] is true where the warp lies on top."""

    lifts: tuple[tuple[bool, ...], ...]
    warp: tuple[str, ...]
    weft: tuple[str, ...]

    def surface(self) -> tuple[tuple[str, ...], ...]:
        """Return the colours one sees, ENDS rows of ENDS colours."""
        return tuple(
            tuple(self.warp[end] if lifted else self.weft[pick] for end, lifted in enumerate(row))
            for pick, row in enumerate(self.lifts)
        )


def draft(digest: str) -> Draft:
    """Plan the cloth of a digest; a `sha256:` prefix and letter case do not matter.

    Raises:
        ValueError: the digest is empty.
    """
    name = digest.strip().lower().removeprefix("sha256:")
    if not name:
        raise ValueError("a weave needs a digest")
    for attempt in count():
        seed = iter(hashlib.sha512(f"weave/1:{name}:{attempt}".encode()).digest())
        lifts = _lifts(seed)
        if _holds_together(lifts):
            break
    return Draft(lifts=lifts, warp=_stripes(seed, WARP_DYES), weft=_stripes(seed, WEFT_DYES))


def weave_svg(digest: str, *, size: int = 40, title: str = "") -> str:
    """Draw the woven square of a digest as an SVG element, `size` CSS pixels wide and high.

    Without a title it is decoration and hidden from assistive technology.

    Raises:
        ValueError: the digest is empty.
    """
    cloth = draft(digest)
    threads: dict[str, list[str]] = {}
    for colour, path in [*_warp_floats(cloth), *_weft_floats(cloth)]:
        threads.setdefault(colour, []).append(path)
    body = "".join(f'<path fill="{colour}" d="{"".join(paths)}"/>' for colour, paths in threads.items())
    name = f"<title>{escape(title)}</title>" if title else ""
    role = 'role="img"' if title else 'aria-hidden="true"'
    box = ENDS * CELL
    return (
        f'<svg class="weave" {role} width="{size}" height="{size}" viewBox="0 0 {box} {box}" '
        f'xmlns="http://www.w3.org/2000/svg">{name}{body}</svg>'
    )


def _lifts(seed: Iterator[int]) -> tuple[tuple[bool, ...], ...]:
    threading = _mirror(_walk(seed))
    treadling = _mirror(_walk(seed))
    # 1 to 14: a treadle lifts at least one shaft and never all four.
    tie_up = [next(seed) % 14 + 1 for _ in range(SHAFTS)]
    return tuple(tuple(bool(tie_up[pick] >> shaft & 1) for shaft in threading) for pick in treadling)


def _walk(seed: Iterator[int]) -> list[int]:
    # Neighbours never share a shaft, as in a real threading: equal neighbours would look like one fat thread.
    steps = [next(seed) % SHAFTS, *(1 + next(seed) % (SHAFTS - 1) for _ in range(HALF - 1))]
    return [total % SHAFTS for total in accumulate(steps)]


def _holds_together(lifts: tuple[tuple[bool, ...], ...]) -> bool:
    # A thread that is never crossed would fall out of the cloth, and a stripe is a poor mark.
    return all(any(thread) and not all(thread) for thread in [*lifts, *zip(*lifts, strict=True)])


def _mirror(half: list[int]) -> list[int]:
    return half + half[-2::-1]


def _stripes(seed: Iterator[int], dyes: tuple[str, ...]) -> tuple[str, ...]:
    first = next(seed) % len(dyes)
    second = (first + 1 + next(seed) % (len(dyes) - 1)) % len(dyes)
    return tuple(
        dyes[second if bit else first] for bit in _mirror([next(seed) % 3 == 0 for _ in range(HALF)])
    )


def _runs(flags: Iterable[bool]) -> Iterator[tuple[int, int]]:
    start = 0
    for lifted, group in groupby(flags):
        length = len(list(group))
        if lifted:
            yield start, length
        start += length


def _warp_floats(cloth: Draft) -> Iterator[tuple[str, str]]:
    margin = (CELL - THREAD) // 2
    for end in range(ENDS):
        for start, length in _runs(row[end] for row in cloth.lifts):
            x, y, run = end * CELL + margin, start * CELL + margin, length * CELL - 2 * margin
            yield cloth.warp[end], f"M{x} {y}h{THREAD}v{run}h-{THREAD}z"


def _weft_floats(cloth: Draft) -> Iterator[tuple[str, str]]:
    margin = (CELL - THREAD) // 2
    for pick, row in enumerate(cloth.lifts):
        for start, length in _runs(not lifted for lifted in row):
            x, y, run = start * CELL + margin, pick * CELL + margin, length * CELL - 2 * margin
            yield cloth.weft[pick], f"M{x} {y}h{run}v{THREAD}h-{run}z"
