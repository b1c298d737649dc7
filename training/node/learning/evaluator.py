"""Evaluation in a process of its own: ``python -m training.node.learning.evaluator <workspace>``.

Bits per byte: the negative log-likelihoods (nats) of all tokens of the held-out text, over ln 2 and the
number of its bytes in UTF-8. Models of different tokenizers can so be compared.
"""

from __future__ import annotations

import math
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from training.manifest import Part
from training.node.errors import NodeError
from training.node.learning.model import load, make_deterministic
from training.node.learning.objectives import next_token
from training.node.learning.reporting import report
from training.node.learning.request import Request
from training.node.reading.batches import IGNORED
from training.node.reading.corpus import read_held_out
from training.node.reading.text import windows
from training.node.reading.tokenizing import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from torch import Tensor
    from torch.nn import Module

    from training.node.learning.request import InputFile, Weights
    from training.node.reading.tokenizing import Tokenizer


class Measurement:
    """One checkpoint on one held-out part: what was counted so far."""

    def __init__(self) -> None:
        self.nats, self.bytes = 0.0, 0

    @property
    def bits_per_byte(self) -> float:
        """Bits that the model needs for a byte of the text; zero for no text."""
        return self.nats / math.log(2) / self.bytes if self.bytes else 0.0


def measure(
    model: Module, texts: Iterable[str], tokenizer: Tokenizer, *, length: int, batch: int
) -> Measurement:
    """Predict each token of each text once, from its own text alone, in windows of ``length`` tokens."""
    import torch

    found = Measurement()
    pieces = _pieces(texts, tokenizer, length=length, found=found)
    device = next(model.parameters()).device
    with torch.inference_mode():
        while rows := list(islice(pieces, batch)):
            inputs = {name: tensor.to(device) for name, tensor in _tensors(rows).items()}
            found.nats += float(next_token(model, inputs)[0])
    return found


def _pieces(
    texts: Iterable[str], tokenizer: Tokenizer, *, length: int, found: Measurement
) -> Iterator[list[int]]:
    for text in texts:
        found.bytes += len(text.encode())
        yield from windows(tokenizer.encode([text])[0].tolist(), begin=tokenizer.begin, length=length)


def _tensors(rows: list[list[int]]) -> dict[str, Tensor]:
    import torch

    shape = (len(rows), max(map(len, rows)) - 1)
    inputs, targets = torch.zeros(shape, dtype=torch.long), torch.full(shape, IGNORED, dtype=torch.long)
    for index, row in enumerate(rows):
        inputs[index, : len(row) - 1] = torch.tensor(row[:-1])
        targets[index, : len(row) - 1] = torch.tensor(row[1:])
    return {"input_ids": inputs, "targets": targets}


def _groups(files: Iterable[InputFile]) -> dict[tuple[str, str], list[InputFile]]:
    """Return the files that may hold held-out text by (version digest, language), in order."""
    groups: dict[tuple[str, str], list[InputFile]] = {}
    for file in files:
        if file.part is not Part.TRAIN:
            groups.setdefault((file.version, file.language), []).append(file)
    return dict(sorted(groups.items()))


def _evaluate(request: Request, weights: Weights, tokenizer: Tokenizer, *, done: int, total: int) -> None:
    settings = request.training
    model = load(request.architecture, weights.path, dtype=settings.dtype).eval()
    for number, ((version, language), files) in enumerate(_groups(request.files).items()):
        report("phase", name="evaluating", step=done + number, steps=total)
        texts = (text for file in files for text in read_held_out(file, request.held_out))
        found = measure(model, texts, tokenizer, length=settings.sequence_length, batch=settings.batch_size)
        if found.bytes:
            said = f"{language}: {found.bits_per_byte:.4f} bits per byte of {found.bytes} bytes"
            report("log", text=f"{weights.digest[:12]} {said}")
            where = {"checkpoint": weights.digest, "version": version, "language": language}
            report("result", **where, bits_per_byte=found.bits_per_byte, bytes=found.bytes)


def main(workspace: Path) -> None:
    """Evaluate every checkpoint of the request on every held-out part, and report each as a result."""
    report("phase", name="loading")
    request = Request.read(workspace)
    make_deterministic(seed=0, threads=request.threads)
    tokenizer = load_tokenizer(request.tokenizer)
    each = len(_groups(request.files))
    total = len(request.weights) * each
    for number, weights in enumerate(request.weights):
        _evaluate(request, weights, tokenizer, done=number * each, total=total)
    report("phase", name="evaluated", step=total, steps=total)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except NodeError as error:
        report("failure", code=error.code, text=str(error))
        sys.exit(1)
