"""Evaluation in a process of its own: ``python -m training.node.evaluator <workspace>``.

Bits per byte: the negative log-likelihoods (nats) of all held-out bytes, over ln 2 and their number.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from training.node.corpus import read_parts
from training.node.model import load, make_deterministic
from training.node.reporting import report
from training.node.request import Request
from training.node.text import windows

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

IGNORED: Final = -100
BATCH: Final = 32


def bits_per_byte(
    model: LlamaForCausalLM, paragraphs: list[str], *, length: int, batch: int
) -> tuple[float, int]:
    """Return (bits per byte, bytes); each byte is predicted once, from its own paragraph."""
    import torch

    pieces = [piece for text in paragraphs for piece in windows(text, length=length)]
    nats, count = 0.0, 0
    with torch.inference_mode():
        for start in range(0, len(pieces), batch):
            chunk = pieces[start : start + batch]
            width = max(len(piece) for piece in chunk) - 1
            inputs = torch.zeros(len(chunk), width, dtype=torch.long)
            targets = torch.full((len(chunk), width), IGNORED, dtype=torch.long)
            for row, piece in enumerate(chunk):
                inputs[row, : len(piece) - 1] = torch.tensor(piece[:-1])
                targets[row, : len(piece) - 1] = torch.tensor(piece[1:])
            logits = model(input_ids=inputs.to(model.device)).logits.float()
            loss = torch.nn.functional.cross_entropy(
                logits.transpose(1, 2), targets.to(model.device), ignore_index=IGNORED, reduction="sum"
            )
            nats += float(loss)
            count += sum(len(piece) - 1 for piece in chunk)
    return (nats / math.log(2) / count if count else 0.0), count


def main(workspace: Path) -> None:
    """Evaluate every checkpoint of the request on every held-out part, and report each as a result."""
    report("phase", name="loading")
    request = Request.read(workspace)
    make_deterministic(seed=0, threads=request.threads)
    _, held_out = read_parts(request.files, rule=request.held_out, cache=workspace / "hf")
    done, total = 0, len(request.weights) * len(held_out)
    for weights in request.weights:
        model = load(request.architecture, weights.path).eval()
        for (version, language), paragraphs in sorted(held_out.items()):
            report("phase", name="evaluating", step=done, steps=total)
            bits, count = bits_per_byte(
                model, paragraphs, length=request.training.sequence_length, batch=BATCH
            )
            done += 1
            if count:
                report(
                    "log", text=f"{weights.digest[:12]} {language}: {bits:.4f} bits per byte of {count} bytes"
                )
                found = {"checkpoint": weights.digest, "version": version, "language": language}
                report("result", **found, bits_per_byte=bits, bytes=count)
    report("phase", name="evaluated", step=total, steps=total)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
