"""From which of several sources the next sequence comes. Pure: no torch, no files."""

import heapq
import math
import random
from collections.abc import Collection, Mapping
from typing import Any


class Mixture:
    """Sources in turn, each as often as its share, by stride scheduling (Waldspurger and Weihl 1995).

    The k-th turn of a source is due at (k + phase) / share, and whichever is due first comes next: after any
    number of turns each one has had its share of them, to within their number. The seed gives the phases.
    """

    def __init__(self, shares: Mapping[str, float], *, seed: int) -> None:
        self._shares = dict(sorted(shares.items()))
        self._phases = {name: random.Random(f"{seed}/{name}").random() for name in self._shares}  # noqa: S311
        self._turns = dict.fromkeys(self._shares, 0)
        self._due: list[tuple[float, str]] = []
        self._schedule()

    def __contains__(self, name: object) -> bool:
        return name in self._shares

    def __iter__(self) -> "Mixture":
        return self

    def __next__(self) -> str:
        """Return whose turn it is; ends when every one was left out."""
        if not self._due:
            raise StopIteration
        name = self._due[0][1]
        self._turns[name] += 1
        heapq.heapreplace(self._due, (self._when(name), name))
        return name

    def leave_out(self, name: str, *, heirs: Collection[str]) -> None:
        """Give a source no turns any more, and its share to its heirs; without any, to all others."""
        share = self._shares.pop(name)
        del self._turns[name]
        whole = math.fsum(self._shares[heir] for heir in heirs)
        for heir in heirs:
            self._shares[heir] *= 1 + share / whole
        self._schedule()

    def state_dict(self) -> dict[str, Any]:
        """Return the number of turns that each source had, and the shares as they are now."""
        return {"turns": dict(self._turns), "shares": dict(self._shares)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on after as many turns, with those shares."""
        self._turns, self._shares = dict(state["turns"]), dict(state["shares"])
        self._schedule()

    def _when(self, name: str) -> float:
        return (self._turns[name] + self._phases[name]) / self._shares[name]

    def _schedule(self) -> None:
        self._due = [(self._when(name), name) for name in self._shares]
        heapq.heapify(self._due)
