"""What is gathered while records stream by, in memory that does not grow with their number."""

from dataclasses import dataclass, field

import numpy as np
import xxhash

from catalog.facts.drawing import Draw
from catalog.facts.model import Duplicates
from catalog.facts.repeats import ExactRepeats, NearRepeats
from catalog.facts.sketch import Sketcher, shingles


@dataclass
class Observer:
    """Sample, repeats and sketch of all records of a file, those inside archives included."""

    draw: Draw = field(default_factory=Draw)
    exact: ExactRepeats = field(default_factory=ExactRepeats)
    near: NearRepeats = field(default_factory=NearRepeats)
    sketcher: Sketcher = field(default_factory=Sketcher)

    def observe(self, block: bytes) -> list[bytes]:
        """Take in whole lines, each ended by a newline; return those that hold more than white space."""
        records = [line for line in block.split(b"\n") if line and not line.isspace()]
        hashes = np.fromiter(map(xxhash.xxh3_64_intdigest, records), np.uint64, len(records))
        self.exact.add(hashes)
        self.draw.add(records)
        found, owners = shingles(block, np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n")))
        self.sketcher.add(found)
        self.near.add(found, owners)
        return records

    def observe_texts(self, texts: list[str]) -> int:
        """Take in records that may hold newlines, which count as spaces; return their bytes as UTF-8."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        if encoded:
            self.observe(b"\n".join(text.replace(b"\n", b" ") for text in encoded) + b"\n")
        return sum(map(len, encoded))

    def duplicates(self) -> Duplicates | None:
        """Return the shares of repeats; None where there was no record."""
        if not self.exact.seen:
            return None
        exact, exact_sample = self.exact.result()
        near, near_sample = self.near.result()
        return Duplicates(
            exact=exact,
            near=near,
            exact_is_sampled=self.exact.sampled,
            sample=exact_sample,
            near_sample=near_sample,
        )
