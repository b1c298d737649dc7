"""A trainer's step and a bare one, side by side in one process: what both need, and what each takes.

    python -m bench.loops.steps MODEL FOLDER ROUNDS

Prints medians of seconds a step, and their ratio, as the last line of its output.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from operator import truediv
from pathlib import Path
from typing import Any

MODELS: dict[str, dict[str, Any]] = {
    "small": {"shape": (128, 384, 2, 4, 264), "batch": 8, "length": 128, "turn": 5},
    "medium": {"shape": (384, 1024, 10, 6, 8192), "batch": 4, "length": 128, "turn": 1},
    "large": {"shape": (2048, 8192, 16, 32, 32768), "batch": 8, "length": 2048, "turn": 5},
}
"""Shapes: hidden, intermediate, layers, heads, vocabulary. About 0.5, 21 and 1,140 million values."""
PEAKS = {"H100": 989e12, "H200": 989e12, "A100": 312e12}
"""Dense bf16 FLOP/s, by what the accelerator's name contains."""


def prepare(name: str, folder: Path, threads: int) -> None:
    """Write a model and the request to train it on the Declaration in all its languages."""
    import torch

    from tapestry.demonstration.facts import corpus_path
    from training.manifest import HeldOut, Training
    from training.merge import ArchitectureConfig, initial_weights
    from training.node.learning.request import InputFile, Request, Weights

    folder.mkdir()
    model = MODELS[name]
    hidden, wide, layers, heads, vocabulary = model["shape"]
    architecture = ArchitectureConfig(
        hidden_size=hidden,
        intermediate_size=wide,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        vocab_size=vocabulary,
        max_position_embeddings=model["length"],
    )
    initial_weights(architecture, 1, folder / "base.safetensors")
    paths = sorted(corpus_path("vi").parent.glob("*.txt"))
    Request(
        architecture=architecture.model_dump(),
        weights=[Weights(digest="a" * 64, path=folder / "base.safetensors")],
        files=[InputFile(path=path, language="vi", version="b" * 64, part="train") for path in paths],
        held_out=HeldOut(every=10),
        training=Training(
            steps=100_000,
            batch_size=model["batch"],
            sequence_length=model["length"],
            learning_rate=1e-3,
            weight_decay=0.01,
            warmup_steps=10,
            seed=1,
            dtype="bf16" if torch.cuda.is_available() else "fp32",
        ),
        threads=threads,
    ).write(folder)


def ours(folder: Path) -> Callable[[], None]:
    """One step of the trainer, with all that belongs to it."""
    import torch

    from training.node.learning.loop import Loop, Pace
    from training.node.learning.measuring import Meter
    from training.node.learning.objectives import loss_of
    from training.node.learning.request import Request
    from training.node.learning.resuming import save_checkpoint
    from training.node.learning.sharding import Group
    from training.node.learning.trainer import CHECKPOINTS
    from training.node.learning.trainer import prepare as state_of

    request = Request.read(folder)
    settings, state = request.training, state_of(request, Group())
    loop = Loop(
        state,
        settings,
        loss_of(settings),
        meter=Meter(settings, Group()),
        pace=Pace(0, Group()),
        save=lambda: save_checkpoint(folder / CHECKPOINTS, state, work=request.digest()),
    )
    state.model.train()

    def step() -> None:
        torch.use_deterministic_algorithms(mode=True)
        loop.advance()

    return step


def bare(folder: Path) -> Callable[[], None]:
    """One step of what anyone would write."""
    import torch

    from training.node.learning import model as models
    from training.node.learning.request import Request

    request = Request.read(folder)
    settings, where = request.training, models.device()
    model = models.load(request.architecture, request.weights[0].path).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, fused=True)
    shape = (16, settings.batch_size, settings.sequence_length + 1)
    batches = torch.randint(request.architecture["vocab_size"], shape, device=where)
    count = 0

    def step() -> None:
        nonlocal count
        torch.use_deterministic_algorithms(mode=False)
        batch = batches[count % len(batches)]
        count += 1
        with torch.autocast(where, dtype=torch.bfloat16, enabled=settings.dtype == "bf16"):
            logits = model(input_ids=batch[:, :-1]).logits
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), batch[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    return step


def compare(name: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Take turns in this process; seconds a step are medians over the rounds."""
    import torch

    from training.node.learning.model import make_deterministic
    from training.node.learning.request import Request

    make_deterministic(seed=1, threads=Request.read(folder).threads)
    ways, turn = {"ours": ours(folder), "bare": bare(folder)}, MODELS[name]["turn"]
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    worked: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(-1, rounds):
        for way in sorted(ways, reverse=bool(number % 2)):
            started, cpu = time.perf_counter(), time.process_time()
            for _ in range(turn):
                ways[way]()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if number >= 0:  # the round before the first one warms up
                seconds[way].append((time.perf_counter() - started) / turn)
                worked[way].append((time.process_time() - cpu) / turn)
    found = {way: statistics.median(values) for way, values in seconds.items()}
    found |= {"ratio": ratio(seconds), "processor_ratio": ratio(worked)}
    return found | utilisation(name, found["ours"])


def ratio(seconds: dict[str, list[float]]) -> float:
    """Median over the rounds of the bare loop's time over ours: above one, ours is the faster."""
    return statistics.median(map(truediv, seconds["bare"], seconds["ours"]))


def utilisation(name: str, seconds: float) -> dict[str, float]:
    """Share of the accelerator's peak, where we know that: 6 FLOP a value and token, and attention's."""
    import torch

    here = torch.cuda.get_device_name() if torch.cuda.is_available() else ""
    peak = next((peak for name, peak in PEAKS.items() if name in here), None)
    if peak is None:
        return {}
    model = MODELS[name]
    hidden, wide, layers, _, vocabulary = model["shape"]
    values = layers * (4 * hidden * hidden + 3 * hidden * wide) + vocabulary * hidden
    per_token = 6 * values + 6 * layers * hidden * model["length"]  # causal: half of the square
    return {"mfu": per_token * model["batch"] * model["length"] / seconds / peak}


if __name__ == "__main__":
    print(json.dumps(compare(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
