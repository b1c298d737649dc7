"""``python -m training.experiment``: run what is missing, then write results and report."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
from pathlib import Path

from training.experiment.environment import environment
from training.experiment.plan import FULL, QUICK
from training.experiment.report import write_report
from training.experiment.study import Study

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> None:
    """Run the experiment as the command line says."""
    chosen = _parser().parse_args(arguments)
    plan = QUICK if chosen.quick else FULL
    out = (chosen.out or Path(os.environ.get("TAPESTRY_VAR") or ROOT / "var") / "experiment").resolve()
    folder = out / plan.digest()[:12]
    if chosen.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    seeds = list(range(1, chosen.seeds + 1))
    corpora = ROOT / "tapestry" / "demonstration" / "corpora"
    found = Study(plan, seeds, corpora, folder).run()
    results = {
        "type": "tapestry-experiment-v1",
        "command": f"python -m training.experiment --seeds {chosen.seeds}{' --quick' * chosen.quick}",
        "environment": environment(),
        "plan": plan.document(),
        "seeds": seeds,
    } | found
    (out / "results.json").write_text(json.dumps(results, separators=(",", ":")) + "\n", encoding="utf-8")
    report = write_report(results, out)
    if chosen.publish:
        chosen.publish.mkdir(parents=True, exist_ok=True)
        for file in [out / "results.json", report, *out.glob("*.svg")]:
            shutil.copy(file, chosen.publish)
    print(f"The report: {report}")  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.experiment", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 1 on (default 3)")
    parser.add_argument("--quick", action="store_true", help="in seconds; the figures say nothing")
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier run left")
    parser.add_argument("--out", type=Path, help="folder of results (default: experiment/ in TAPESTRY_VAR)")
    parser.add_argument("--publish", type=Path, help="folder for a copy of results, drawings and report")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # with all that was started
    main(sys.argv[1:])
