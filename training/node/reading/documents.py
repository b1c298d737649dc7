"""One dataset version's training examples without end, shuffled, from any position on."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from training.manifest import HeldOut
from training.node.learning.request import InputFile
from training.node.reading.corpus import Place, is_wanted, read_examples
from training.node.reading.readings import DataError, Example


class Position(NamedTuple):
    """Before one example: the pass, which file of it, where its block begins, the place in the block."""

    epoch: int = 0
    turn: int = 0
    offset: int = 0
    record: int = 0
    within: int = 0


class Documents:
    """Examples in blocks: within a block their order is by chance, and so is that of files in each pass.

    A block is what a shuffle holds in memory, ``block`` characters or one example more. Since it begins at a
    known place and its order follows from the seed, a position is five numbers and no buffer has to be kept.
    """

    def __init__(self, files: Sequence[InputFile], *, rule: HeldOut, seed: str, block: int) -> None:
        self._files, self._rule, self._seed, self._size = files, rule, seed, block
        self.seek(Position())

    @property
    def position(self) -> Position:
        """The position of the next example."""
        return self._position

    def seek(self, position: Position) -> None:
        """Go to a position that was given before."""
        self._position = position
        self._block: list[Example] | None = None
        self._next = Place(position.offset, position.record)
        self._rows: Iterator[tuple[Example, Place]] | None = None
        self._found = position != Position()

    def take(self, most: int) -> list[tuple[Position, Example]]:
        """Return the next examples with their positions: at least one, and at most as many as asked.

        Raises:
            DataError: ``nothing-to-train-on`` when a whole pass has no example.
        """
        while self._block is None or self._position.within >= len(self._block):
            self._advance()
        start = self._position
        found = self._block[start.within : start.within + most]
        self._position = start._replace(within=start.within + len(found))
        return [(start._replace(within=start.within + i), example) for i, example in enumerate(found)]

    def _advance(self) -> None:
        if self._block is not None:
            self._position = self._position._replace(
                offset=self._next.offset, record=self._next.record, within=0
            )
        self._block = self._read_block()
        if self._block:
            self._found = True
            self._chance(*self._position[:4]).shuffle(self._block)
        else:
            self._next_file()

    def _read_block(self) -> list[Example]:
        position = self._position
        if self._rows is None:
            self._file = self._order(position.epoch)[position.turn]
            self._rows = read_examples(self._file, Place(position.offset, position.record))
        block, size = [], 0
        for example, behind in self._rows:
            self._next = behind
            if is_wanted(example, self._file, self._rule, training=True):
                block.append(example)
                size += len(example.text)
            if size >= self._size:
                break
        return block

    def _next_file(self) -> None:
        epoch, turn = self._position.epoch, self._position.turn + 1
        if turn >= len(self._files):
            if not self._found:
                raise DataError(
                    "nothing-to-train-on", "all paragraphs of a dataset version are held out or empty"
                )
            epoch, turn = epoch + 1, 0
        found = self._found
        self.seek(Position(epoch, turn))
        self._found = found

    def _order(self, epoch: int) -> list[InputFile]:
        order = list(self._files)
        self._chance(epoch).shuffle(order)
        return order

    def _chance(self, *numbers: int) -> random.Random:
        return random.Random("/".join(map(str, (self._seed, *numbers))))  # noqa: S311 - a shuffle
