"""Evaluation in a process of its own: ``python -m training.node.learning.evaluator <workspace>``.

Bits per byte: the negative log-likelihoods (nats) of all tokens of the held-out text, over ln 2 and the
number of its bytes in UTF-8. Models of different tokenizers can so be compared. Beside it, what a model
gives away of canaries where a version declares some (`training.node.learning.canaries`).
"""

from __future__ import annotations

import math
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from training.manifest import Part
from training.node.errors import NodeError
from training.node.learning.model import load, make_deterministic
from training.node.learning.objectives import next_token
from training.node.learning.probing import Prober
from training.node.learning.reporting import report
from training.node.learning.request import Request
from training.node.reading.batches import to_predict
from training.node.reading.corpus import read_held_out
from training.node.reading.text import windows
from training.node.reading.tokenizing import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from torch.nn import Module

    from training.node.learning.request import InputFile, Weights
    from training.node.reading.tokenizing import Tokenizer


EXPOSURE: Final = "canary-exposure"
MEMBERSHIP: Final = "membership-auc"


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
            inputs = {name: tensor.to(device) for name, tensor in to_predict(rows).items()}
            found.nats += float(next_token(model, inputs)[0])
    return found


def _pieces(
    texts: Iterable[str], tokenizer: Tokenizer, *, length: int, found: Measurement
) -> Iterator[list[int]]:
    for text in texts:
        found.bytes += len(text.encode())
        yield from windows(tokenizer.encode([text])[0].tolist(), begin=tokenizer.begin, length=length)


def _groups(files: Iterable[InputFile]) -> dict[tuple[str, str], list[InputFile]]:
    """Return the files that may hold held-out text by (version digest, language), in order."""
    groups: dict[tuple[str, str], list[InputFile]] = {}
    for file in files:
        if file.part is not Part.TRAIN:
            groups.setdefault((file.version, file.language), []).append(file)
    return dict(sorted(groups.items()))


def _evaluate(
    request: Request,
    weights: Weights,
    tokenizer: Tokenizer,
    probers: Mapping[str, Prober],
    *,
    done: int,
    total: int,
) -> None:
    settings = request.training
    model = load(request.architecture, weights.path, dtype=settings.dtype).eval()
    sizes = {"length": settings.sequence_length, "batch": settings.batch_size}
    for (version, language), files in _groups(request.files).items():
        report("phase", name="evaluating", step=done, steps=total)
        texts = (text for file in files for text in read_held_out(file, request.held_out))
        found = measure(model, texts, tokenizer, **sizes)
        if found.bytes:
            said = f"{language}: {found.bits_per_byte:.4f} bits per byte of {found.bytes} bytes"
            report("log", text=f"{weights.digest[:12]} {said}")
            where = {"checkpoint": weights.digest, "version": version, "language": language}
            report("result", **where, bits_per_byte=found.bits_per_byte, bytes=found.bytes)
        done += 1
    for version, prober in probers.items():
        report("phase", name="evaluating", step=done, steps=total)
        _probe(prober, model, tokenizer, {"checkpoint": weights.digest, "version": version}, sizes)
        done += 1


def _probe(
    prober: Prober, model: Module, tokenizer: Tokenizer, where: Mapping[str, str], sizes: Mapping[str, int]
) -> None:
    probed = prober.probe(model, tokenizer, **sizes)
    if probed is None:
        return
    said = f"{probed.canaries} canaries: {probed.exposure:.2f} bits of exposure, AUC {probed.membership:.3f}"
    report("log", text=f"{where['checkpoint'][:12]} {said}")
    for kind, value in ((EXPOSURE, probed.exposure), (MEMBERSHIP, probed.membership)):
        report("result", **where, probe=kind, value=value, canaries=probed.canaries)


def _probers(request: Request) -> dict[str, Prober]:
    """Return what probes for the canaries of each version that declares some."""
    probers = {file.version: Prober(file, request.held_out) for file in request.canaries}
    for version, prober in sorted(probers.items()):
        if prober.left_out:
            report("log", text=f"{version[:12]}: {prober.left_out} canaries can not be measured")
    return dict(sorted(probers.items()))


def main(workspace: Path) -> None:
    """Evaluate every checkpoint of the request on every held-out part, and report each as a result."""
    report("phase", name="loading")
    request = Request.read(workspace)
    make_deterministic(seed=0, threads=request.threads)
    tokenizer, probers = load_tokenizer(request.tokenizer), _probers(request)
    each = len(_groups(request.files)) + len(probers)
    total = len(request.weights) * each
    for number, weights in enumerate(request.weights):
        _evaluate(request, weights, tokenizer, probers, done=number * each, total=total)
    report("phase", name="evaluated", step=total, steps=total)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except NodeError as error:
        report("failure", code=error.code, text=str(error))
        sys.exit(1)
