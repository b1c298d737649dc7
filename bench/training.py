"""Is our trainer as fast as a bare PyTorch loop of the same model, and how soon does it make its first step?

    python bench/training.py [--model small medium] [--rounds 15] [--threads 1] [--starts 3]

Steps: two models side by side in one process, in turns of some steps, alternating who begins. Ours reads
batches from text, is deterministic, reports, and looks at the clock for its checkpoints; the bare one has its
batches in memory and does nothing but forward, backward, clipping and AdamW. The figure is the median over
the rounds of bare / ours, by the clock, and also by processor time, which other programs disturb less. Start:
from a written request to the report of the first step, less the time in which a bare process imports torch
and Transformers and loads the same weights. With an accelerator both train in bf16 and the share of its peak
is printed (MFU; Chowdhery et al. 2022, arXiv:2204.02311). One line for people each, and one of JSON.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from operator import truediv
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MODELS: dict[str, dict[str, Any]] = {
    "small": {"shape": (128, 384, 2, 4, 264), "batch": 8, "length": 128, "turn": 5},
    "medium": {"shape": (384, 1024, 10, 6, 8192), "batch": 4, "length": 128, "turn": 1},
    "large": {"shape": (2048, 8192, 16, 32, 32768), "batch": 8, "length": 2048, "turn": 5},
}
"""Shapes: hidden, intermediate, layers, heads, vocabulary. About 0.5, 21 and 1,140 million values."""
PEAKS = {"H100": 989e12, "H200": 989e12, "A100": 312e12}
"""Dense bf16 FLOP/s, by what the accelerator's name contains."""
GOAL, GOAL_START = 0.98, 2.0

BARE_START = """
import sys, torch
from safetensors.torch import load_file
from training.node.learning.model import build, device
from training.node.learning.request import Request
from pathlib import Path
request = Request.read(Path(sys.argv[1]))
model = build(request.architecture)
model.load_state_dict(load_file(request.weights[0].path), strict=False)
model.to(device())
"""


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


def first_step(folder: Path, threads: int) -> float:
    """Seconds from the request to the report of the first step."""
    from training.node.child import Child

    started = time.perf_counter()
    with Child(module="trainer", workspace=folder, seconds=600, memory=2**40, threads=threads) as child:
        for report in child.reports(tick=1):
            if report and report["kind"] == "metric":
                return time.perf_counter() - started
    raise RuntimeError("the trainer ended before its first step")


def bare_start(folder: Path, threads: int) -> float:
    """Seconds that a process needs which only loads the model."""
    root = str(Path(__file__).resolve().parent.parent)
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1", "PYTHONPATH": root}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE_START, str(folder)], env=environment, check=True)
    return time.perf_counter() - started


def starts(folder: Path, times: int, threads: int) -> dict[str, float]:
    """Both ways to start, in turns; medians of seconds."""
    found: dict[str, list[float]] = {"first_step": [], "loading": []}
    for _ in range(times):
        found["first_step"].append(first_step(folder, threads))
        found["loading"].append(bare_start(folder, threads))
    medians = {name: statistics.median(values) for name, values in found.items()}
    return medians | {"beyond": medians["first_step"] - medians["loading"]}


def in_child(name: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Compare in a process of its own, whose standard output takes the trainer's reports."""
    command = [sys.executable, __file__, "--compare", name, "--folder", str(folder), "--rounds", str(rounds)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(printed.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", nargs="+", choices=MODELS, default=["small", "medium"])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--compare", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.compare:
        print(json.dumps(compare(options.compare, options.folder, options.rounds)))
        return
    summary: dict[str, Any] = {"bench": "training", "threads": options.threads}
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        for model in options.model:
            prepare(model, folder := Path(name) / model, options.threads)
            steps = summary[model] = in_child(model, folder, options.rounds)
            print_steps(model, steps)
        begun = summary["start"] = starts(folder, options.starts, options.threads)
    verdict = "met" if begun["beyond"] <= GOAL_START else "MISSED"
    print(
        f"first step {begun['first_step']:.2f} s after the request, {begun['beyond']:.2f} s beyond importing "
        f"and loading ({begun['loading']:.2f} s); the goal is {GOAL_START:.0f} s: {verdict}"
    )
    print(json.dumps(summary))


def print_steps(model: str, steps: dict[str, float]) -> None:
    # Without an accelerator the processor's time is the work, and the clock's also that of other programs.
    verdict = "met" if steps["ratio" if "mfu" in steps else "processor_ratio"] >= GOAL else "MISSED"
    share = f", {steps['mfu']:.1%} of the accelerator's peak" if "mfu" in steps else ""
    print(
        f"{model}: {steps['ours'] * 1000:.1f} ms a step, bare loop {steps['bare'] * 1000:.1f} ms: "
        f"{steps['ratio']:.1%} of its speed ({steps['processor_ratio']:.1%} by processor time){share}; "
        f"the goal is {GOAL:.0%}: {verdict}"
    )


if __name__ == "__main__":
    main()
