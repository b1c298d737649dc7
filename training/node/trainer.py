"""Training in a process of its own: ``python -m training.node.trainer <workspace>``.

Reads the request, trains the base on packed bytes with AdamW, writes ``delta.safetensors``: trained minus
base, float32, the base's names and shapes. A function of (base, files, settings, seed) on one kind of
machine.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from training.node.corpus import read_parts
from training.node.model import load, make_deterministic, parameters
from training.node.parenthood import parent_is_gone
from training.node.reporting import report
from training.node.request import Request
from training.node.text import pack

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from transformers import LlamaForCausalLM

    from training.manifest import Training

DELTA: Final = "delta.safetensors"
REPORT_EVERY: Final = 5
"""Steps between two metrics."""


def batches(stream: list[int], *, length: int, size: int, seed: int) -> Iterator[torch.Tensor]:
    """Yield endless batches of shape (size, length + 1): windows of the packed stream at random places.

    Raises:
        ValueError: when the stream is shorter than one window.
    """
    import torch

    if len(stream) <= length:
        raise ValueError(f"{len(stream)} tokens are fewer than one window of {length + 1}")
    tokens = torch.tensor(stream, dtype=torch.long)
    chance = torch.Generator().manual_seed(seed)
    while True:
        starts = torch.randint(0, len(stream) - length, (size,), generator=chance)
        yield torch.stack([tokens[start : start + length + 1] for start in starts.tolist()])


def optimizer_of(model: LlamaForCausalLM, settings: Training) -> tuple[Any, Any]:
    """Return AdamW (no decay on norms) and its schedule: linear warm-up, then cosine to zero."""
    import torch
    from transformers import get_cosine_schedule_with_warmup

    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": settings.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=settings.learning_rate,
    )
    schedule = get_cosine_schedule_with_warmup(optimizer, settings.warmup_steps, settings.steps)
    return optimizer, schedule


def train(model: LlamaForCausalLM, stream: list[int], settings: Training) -> tuple[float, float]:
    """Run all steps; return (first loss, last loss) in nats per token."""
    import torch

    parent = os.getppid()
    size, length = settings.batch_size, settings.sequence_length
    optimizer, schedule = optimizer_of(model.train(), settings)
    source = batches(stream, length=length, size=size, seed=settings.seed)
    first = last = 0.0
    mark = time.monotonic()
    for step in range(1, settings.steps + 1):
        batch = next(source).to(model.device)
        logits = model(input_ids=batch[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), batch[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        last = float(loss.detach())
        first = first or last
        if step % REPORT_EVERY == 0 or step == settings.steps:
            now = time.monotonic()
            rate = REPORT_EVERY * size * length / max(now - mark, 1e-9)
            report("metric", step=step, steps=settings.steps, loss=last, tokens_per_second=rate)
            mark = now
            if parent_is_gone(parent):
                sys.exit("the node that started this training has ended")
    return first, last


def main(workspace: Path) -> None:
    """Train as the workspace's request says and leave the weight update beside it."""
    from safetensors.torch import load_file, save_file

    report("phase", name="loading")
    request = Request.read(workspace)
    settings = request.training
    make_deterministic(seed=settings.seed, threads=request.threads)
    base = request.weights[0].path
    model = load(request.architecture, base)
    paragraphs, _ = read_parts(request.files, rule=request.held_out, cache=workspace / "hf")
    stream = pack(paragraphs)
    device = str(model.device).upper()
    report("log", text=f"{len(paragraphs):,} paragraphs, {len(stream):,} tokens, on {device}")
    report("phase", name="training", step=0, steps=settings.steps)
    first, last = train(model, stream, settings)
    report("phase", name="saving")
    start = load_file(base)
    trained = parameters(model)
    save_file({name: (trained[name].cpu() - start[name]).contiguous() for name in start}, workspace / DELTA)
    tokens = settings.steps * settings.batch_size * settings.sequence_length
    report("result", first_loss=first, last_loss=last, tokens=tokens, stream_tokens=len(stream))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
