"""From examples to rows of tokens, one dataset version at a time, endless and from any place on."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from training.node.reading.chat import Scored
from training.node.reading.documents import Documents, Position
from training.node.reading.readings import DataError, Example

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from training.node.reading.tokenizing import Tokenizer

TOGETHER: Final = 64
"""Examples that are encoded at once."""


class Packed:
    """Sequences of exactly ``length + 1`` tokens from the stream begin, document, end, and so on.

    Documents may span sequences. Each sequence begins with the last token of the one before, so that every
    token of the stream is a target once.
    """

    def __init__(self, documents: Documents, tokenizer: Tokenizer, *, length: int) -> None:
        self._documents, self._tokenizer, self._length = documents, tokenizer, length
        self._waiting: deque[tuple[Position, NDArray[np.int32]]] = deque()
        self._used = 0  # of the first that waits
        self._tokens = 0  # of all that wait

    def __next__(self) -> tuple[Scored, ...]:
        """Return the next sequence as a row, all of it to be predicted."""
        while self._tokens - self._used <= self._length:
            self._encode_more()
        parts, missing, start = [], self._length + 1, self._used
        for _, document in self._waiting:
            parts.append(document[start : start + missing])
            missing -= len(parts[-1])
            start = 0
            if not missing:
                break
        self._used += self._length
        while self._used >= len(self._waiting[0][1]):
            self._used -= len(self._waiting[0][1])
            self._tokens -= len(self._waiting.popleft()[1])
        tokens = np.concatenate(parts)
        return (Scored(tokens, np.ones(len(tokens), dtype=bool)),)

    @property
    def position(self) -> Position:
        """The position of the document that the next sequence begins in."""
        return self._waiting[0][0] if self._waiting else self._documents.position

    def state_dict(self) -> dict[str, Any]:
        """Return where the next sequence begins."""
        return {"position": list(self.position), "used": self._used}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to where a sequence began."""
        self._documents.seek(Position(*state["position"]))
        self._waiting.clear()
        self._used, self._tokens = int(state["used"]), 0

    def _encode_more(self) -> None:
        taken = self._documents.take(TOGETHER)
        begin, end = [self._tokenizer.begin], [self._tokenizer.end]
        encoded = self._tokenizer.encode([example.text for _, example in taken])
        for (position, _), tokens in zip(taken, encoded, strict=True):
            document = np.concatenate((begin, tokens, end), dtype=np.int32)
            self._waiting.append((position, document))
            self._tokens += len(document)


class Whole:
    """One example a row or pair of rows, cut behind ``length + 1`` tokens, with nothing of another.

    Examples of which nothing that is to be predicted lies within the cut are passed over.
    """

    def __init__(
        self, documents: Documents, render: Callable[[Example], tuple[Scored, ...]], *, length: int
    ) -> None:
        self._documents, self._render, self._length = documents, render, length

    def __next__(self) -> tuple[Scored, ...]:
        """Return the next example's rows.

        Raises:
            DataError: ``nothing-to-train-on`` when a whole pass has no example with a target within the cut.
        """
        first = self.position.epoch
        while self.position.epoch <= first + 1:
            ((_, example),) = self._documents.take(1)
            rows = tuple(
                Scored(row.tokens[: self._length + 1], row.scored[: self._length + 1])
                for row in self._render(example)
            )
            if all(row.scored[1:].any() for row in rows):
                return rows
        raise DataError("nothing-to-train-on", f"no answer begins within {self._length} tokens")

    @property
    def position(self) -> Position:
        """The position of the next example."""
        return self._documents.position

    def state_dict(self) -> dict[str, Any]:
        """Return where the next example lies."""
        return {"position": list(self.position)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to where an example lay."""
        self._documents.seek(Position(*state["position"]))
