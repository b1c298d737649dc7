"""What a training reads, step by step: the mixture of all versions as tensors, shared out among processes."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from training.manifest import Part
from training.node.errors import JobError
from training.node.reading.chat import Scored, render_conversation, render_preference
from training.node.reading.documents import Documents
from training.node.reading.mixture import Mixture
from training.node.reading.packing import Packed, Whole
from training.node.reading.readings import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from training.node.learning.request import InputFile, Request
    from training.node.reading.tokenizing import Tokenizer

IGNORED: Final = -100
"""As a target: nothing is to be predicted here."""
BLOCK: Final = 2**22
"""Characters that one version's shuffle holds at most."""
BLOCKS: Final = 2**26
"""Characters that all of them hold at most."""


class Batches:
    """Endless micro-batches of ``batch_size`` sequences, of which this process gets its share.

    The files of one language in one version are a strand, read one after the other. Strands take turns, each
    by its bytes within its version's share: a short training sees every language, however the files lie.

    Every process reads the whole stream and keeps each ``world``-th row of it, so that together they see what
    one alone would see, and the state is the same for all of them and for any number of them.
    """

    def __init__(self, request: Request, tokenizer: Tokenizer, *, rank: int = 0, world: int = 1) -> None:
        """Prepare; nothing is read yet.

        Raises:
            JobError: ``bad-tokenizer`` when the model has no place for some of its tokens.
        """
        places = request.architecture["vocab_size"]
        if tokenizer.size > places:
            what = f"the tokenizer has {tokenizer.size} tokens where the model has {places}"
            raise JobError("bad-tokenizer", what)
        self._request, self._tokenizer, self._rank, self._world = request, tokenizer, rank, world
        self._files: dict[str, list[InputFile]] = {}
        for file in request.files:
            if file.part is not Part.HELD_OUT:
                self._files.setdefault(f"{file.version} {file.language}", []).append(file)
        self._mixture = Mixture(_shares(self._files, request.mixture), seed=request.training.seed)
        self._sources: dict[str, Packed | Whole] = {}

    def __iter__(self) -> Batches:
        return self

    def __next__(self) -> dict[str, Tensor]:
        """Return ``input_ids`` and ``targets``, int64, shape (rows, width) each, on the CPU.

        A target belongs to the input at its own place; IGNORED where there is none. Rows are padded at their
        end, where no earlier token attends to. For dpo the rows are n chosen answers, then their n rejected.

        Raises:
            DataError: when the data can not be read as the manifest says, or hold nothing to train on.
        """
        rows = [self._next_row() for _ in range(self._request.training.batch_size)]
        # A process without a row computes an empty one: it has to take part in every exchange of the others.
        return _tensors(rows[self._rank :: self._world] or [_empty(rows[0])], pad=self._tokenizer.end)

    @property
    def epochs(self) -> dict[str, int]:
        """How many times each strand drawn from so far was read to its end, by version and language."""
        return {name: source.position.epoch for name, source in self._sources.items()}

    def state_dict(self) -> dict[str, Any]:
        """Return, as JSON values, what the next batch follows from beside the request."""
        sources = {name: source.state_dict() for name, source in self._sources.items()}
        return {"mixture": self._mixture.state_dict(), "sources": sources}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on with the batch that would have come next."""
        self._mixture.load_state_dict(state["mixture"])
        self._sources = {name: self._source(name) for name in state["sources"]}
        for name, source in self._sources.items():
            source.load_state_dict(state["sources"][name])

    def _next_row(self) -> tuple[Scored, ...]:
        why = DataError("nothing-to-train-on", "no file has anything to train on")
        for name in self._mixture:
            if name not in self._sources:
                self._sources[name] = self._source(name)
            try:
                return next(self._sources[name])
            except DataError as error:
                if error.code != "nothing-to-train-on":
                    raise
                why = error
                self._leave_out(name)
                # A declared share that can not be met is an error; a strand too small to have any is not.
                if self._request.mixture and not self._beside(name):
                    raise
        raise why

    def _leave_out(self, name: str) -> None:
        self._mixture.leave_out(name, heirs=self._beside(name))
        del self._sources[name]

    def _beside(self, strand: str) -> list[str]:
        """Return the other strands of the same version that have something to train on."""
        others = (name for name in self._files if name != strand and name in self._mixture)
        return [name for name in others if _version(name) == _version(strand)]

    def _source(self, name: str) -> Packed | Whole:
        training, tokenizer = self._request.training, self._tokenizer
        documents = Documents(
            self._files[name],
            rule=self._request.held_out,
            seed=f"{training.seed}/{name}",
            block=min(BLOCK, BLOCKS // len(self._files)),
        )
        if training.objective == "sft":
            render = partial(render_conversation, tokenizer=tokenizer)
        elif training.objective == "dpo":
            render = partial(render_preference, tokenizer=tokenizer)
        else:
            return Packed(documents, tokenizer, length=training.sequence_length)
        return Whole(documents, render, length=training.sequence_length)


def to_predict(rows: Sequence[Sequence[int]]) -> dict[str, Tensor]:
    """Return windows of tokens as a batch: each token after a row's first is the target of the one before."""
    import torch

    shape = (len(rows), max(map(len, rows)) - 1)
    inputs, targets = torch.zeros(shape, dtype=torch.long), torch.full(shape, IGNORED, dtype=torch.long)
    for index, row in enumerate(rows):
        inputs[index, : len(row) - 1] = torch.tensor(row[:-1])
        targets[index, : len(row) - 1] = torch.tensor(row[1:])
    return {"input_ids": inputs, "targets": targets}


def _shares(files: Mapping[str, Sequence[InputFile]], declared: Mapping[str, float]) -> dict[str, float]:
    """Return how often each strand is drawn from; an empty one draws nothing.

    A version has its declared share, or one by its bytes; within it a strand has one by its bytes.
    """
    sizes = {name: sum(file.path.stat().st_size for file in parts) for name, parts in files.items()}
    whole: Counter[str] = Counter()
    for name, size in sizes.items():
        whole[_version(name)] += size
    given = declared or dict(whole)
    return {
        name: given[_version(name)] * size / whole[_version(name)] for name, size in sizes.items() if size
    }


def _version(strand: str) -> str:
    return strand.partition(" ")[0]


def _empty(row: tuple[Scored, ...]) -> tuple[Scored, ...]:
    return tuple(Scored(part.tokens[:2], np.zeros(2, dtype=bool)) for part in row)


def _tensors(rows: Sequence[tuple[Scored, ...]], *, pad: int) -> dict[str, Tensor]:
    import torch

    parts = [part for column in zip(*rows, strict=True) for part in column]
    width = max(len(part.tokens) for part in parts) - 1
    inputs = np.full((len(parts), width), pad, dtype=np.int64)
    targets = np.full((len(parts), width), IGNORED, dtype=np.int64)
    for index, (tokens, scored) in enumerate(parts):
        inputs[index, : len(tokens) - 1] = tokens[:-1]
        targets[index, : len(tokens) - 1] = np.where(scored[1:], tokens[1:], IGNORED)
    return {"input_ids": torch.from_numpy(inputs), "targets": torch.from_numpy(targets)}
