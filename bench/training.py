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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.loops.steps import MODELS, prepare  # noqa: E402

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
    environment = os.environ | {
        "OMP_NUM_THREADS": str(threads),
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": str(ROOT),
    }
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
    command = [sys.executable, "-m", "bench.loops.steps", name, str(folder), str(rounds)]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(printed.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", nargs="+", choices=MODELS, default=["small", "medium"])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--starts", type=int, default=3)
    options = parser.parse_args()
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
