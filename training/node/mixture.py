"""From which dataset version the next sequence comes. Pure: no torch, no files."""

import heapq
import random
from collections.abc import Mapping


class Mixture:
    """Versions in turn, each as often as its share, by stride scheduling (Waldspurger and Weihl 1995).

    The k-th turn of a version is due at (k + phase) / share, and whichever is due first comes next: after any
    number of turns each version has had its share of them to within two. The seed gives the phases.
    """

    def __init__(self, shares: Mapping[str, float], *, seed: int) -> None:
        self._shares = dict(sorted(shares.items()))
        self._phases = {name: random.Random(f"{seed}/{name}").random() for name in self._shares}  # noqa: S311
        self._turns = dict.fromkeys(self._shares, 0)
        self._due: list[tuple[float, str]] = []
        self._schedule()

    def __iter__(self) -> "Mixture":
        return self

    def __next__(self) -> str:
        """Return whose turn it is; ends when every version was left out."""
        if not self._due:
            raise StopIteration
        name = self._due[0][1]
        self._turns[name] += 1
        heapq.heapreplace(self._due, (self._when(name), name))
        return name

    def leave_out(self, name: str) -> None:
        """Give a version no turns any more; the others share its own."""
        del self._shares[name], self._turns[name]
        self._schedule()

    def state_dict(self) -> dict[str, int]:
        """Return the number of turns that each version had."""
        return dict(self._turns)

    def load_state_dict(self, turns: Mapping[str, int]) -> None:
        """Go on after as many turns."""
        self._turns |= {name: turns[name] for name in self._turns if name in turns}
        self._schedule()

    def _when(self, name: str) -> float:
        return (self._turns[name] + self._phases[name]) / self._shares[name]

    def _schedule(self) -> None:
        self._due = [(self._when(name), name) for name in self._shares]
        heapq.heapify(self._due)
