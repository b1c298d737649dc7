"""How many records repeat an earlier one, from a bounded number of remembered hashes.

A record is remembered where its hash lies under a limit that halves whenever too many are: all copies of a
record share the hash, so a sample of hashes holds all copies or none (Gibbons and Tirthapura, SPAA 2001).
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from catalog.facts.bounds import distinct_half_width
from catalog.facts.model import Sample
from catalog.facts.sketch import Hashes, Positions

EXACT_KEPT: Final = 1 << 16
NEAR_KEPT: Final = 1 << 12
SIMILAR: Final = 0.8
"""Share of shingles in common from which on two records count as nearly the same."""

_SHINGLES_KEPT: Final = 32
_FORMS_KEPT: Final = 32
_ALL: Final = 2**64 - 1


@dataclass
class ExactRepeats:
    """Records that are equal byte for byte, by 64-bit hashes of them."""

    limit: int = _ALL
    seen: int = 0
    _counts: Counter[int] = field(default_factory=Counter)

    def add(self, hashes: Hashes) -> None:
        """Take the hashes of records in."""
        self.seen += len(hashes)
        self._counts.update(hashes[hashes <= np.uint64(self.limit)].tolist())
        while len(self._counts) > EXACT_KEPT:
            self.limit >>= 1
            self._counts = Counter({key: n for key, n in self._counts.items() if key <= self.limit})

    @property
    def sampled(self) -> bool:
        """Tell whether some records were left out."""
        return self.limit < _ALL

    def result(self) -> tuple[float, Sample]:
        """Return the share of records that repeat an earlier one, and the sample it rests on."""
        kept, distinct = self._counts.total(), len(self._counts)
        unique = distinct / kept if kept else 1.0
        bound = distinct_half_width(distinct, unique, sampled=self.sampled)
        method = "records whose 64-bit hash lies under a limit" if self.sampled else "all records"
        return 1 - unique, Sample(records=kept, of=self.seen, method=method, bound=bound)


@dataclass
class NearRepeats:
    """Records that share most shingles. Two of similarity s share their least shingle with probability s."""

    limit: int = _ALL
    seen: int = 0
    _forms: dict[int, dict[frozenset[int], int]] = field(default_factory=dict)
    _kept: int = 0

    def add(self, hashes: Hashes, records: Positions) -> None:
        """Take in the shingles of a block of records, in the order of the records."""
        if not len(hashes):
            return
        starts = np.flatnonzero(np.diff(records, prepend=-1))
        least = np.minimum.reduceat(hashes, starts)
        ends = np.append(starts[1:], len(hashes))
        self.seen += len(starts)
        for at in np.flatnonzero(least <= np.uint64(self.limit)).tolist():
            if (key := int(least[at])) <= self.limit:
                found = np.unique(hashes[starts[at] : ends[at]])[:_SHINGLES_KEPT]
                self._keep(key, frozenset(found.tolist()))

    def _keep(self, key: int, shingles: frozenset[int]) -> None:
        forms = self._forms.setdefault(key, {})
        known = (
            shingles
            if shingles in forms
            else next((form for form in forms if _similar(form, shingles)), None)
        )
        if known is not None:
            forms[known] += 1
        elif len(forms) < _FORMS_KEPT:
            forms[shingles] = 1
            self._kept += 1
        while self._kept > NEAR_KEPT:
            self.limit >>= 1
            self._forms = {key: forms for key, forms in self._forms.items() if key <= self.limit}
            self._kept = sum(map(len, self._forms.values()))

    def result(self) -> tuple[float, Sample]:
        """Return the share of records that nearly repeat an earlier one, and the sample it rests on.

        Records without a shingle (mostly under 32 bytes) do not count; longer ones are likelier drawn.
        """
        kept = sum(sum(forms.values()) for forms in self._forms.values())
        unique = self._kept / kept if kept else 1.0
        sampled = self.limit < _ALL
        bound = distinct_half_width(self._kept, unique, sampled=sampled)
        method = (
            "records whose least shingle hash lies under a limit" if sampled else "all records with a shingle"
        )
        return 1 - unique, Sample(records=kept, of=self.seen, method=method, bound=bound)


def _similar(a: frozenset[int], b: frozenset[int]) -> bool:
    return len(a & b) >= SIMILAR * len(a | b)
