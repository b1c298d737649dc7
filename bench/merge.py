"""How fast is a merge, next to merely reading its files, to Flower and to mergekit?

    python bench/merge.py [--deltas 8] [--elements 10_000_000] [--folder FOLDER] [--without-peers]

Elements are float32 values per file; 100_000_000 is the size that DESIGN §7 speaks of (4 GB of files, up to
7 GB of memory for the peers). TAPESTRY_BENCH_ELEMENTS sets the default. Each figure is from a process of its
own with one thread for arithmetic, from a warm page cache: the best of three runs of ours, one of a peer.
"bare mean" neither hashes nor syncs, like the peers; "mean" does both; "with evidence" adds all dot products
and the agreement of signs in the same pass.

The bytes of our mean, added to a base of zeros, are held against mergekit's linear merge of the updates as
models with equal weights: both add in float32 in the same order and divide once. (A merge of whole models,
base + update each, rounds elsewhere.) Prints lines for people and one of JSON.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "FLWR_TELEMETRY_ENABLED": "0"}
PEERS = ("Flower FedAvg", "Flower FedMedian", "Flower MultiKrum", "mergekit linear", "mergekit ties")
REPEATS = 3
Figures = dict[str, Any]


def main() -> None:
    options = parse()
    if options.way:
        measure(options.way, options.folder, options.deltas)
        return
    from bench.merging.files import write_models

    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        elements = write_models(folder, options.deltas, options.elements)
        found: Figures = {"bench": "merge", "deltas": options.deltas, "elements": elements}
        print(f"{options.deltas} updates of {elements:,} float32 values")
        measure_ours(folder, options.deltas, found)
        if not options.without_peers:
            measure_peers(folder, options.deltas, found)
    print(json.dumps(found))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = int(os.environ.get("TAPESTRY_BENCH_ELEMENTS", "10_000_000"))
    parser.add_argument("--deltas", type=int, default=8)
    parser.add_argument("--elements", type=int, default=default)
    parser.add_argument("--folder", type=Path, help="where to put the files (default: the system's own)")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    return parser.parse_args()


def measure_ours(folder: Path, deltas: int, found: Figures) -> None:
    from bench.merging.ours import WAYS

    for way in WAYS:
        words = [sys.executable, __file__, "--way", way, "--folder", folder, "--deltas", str(deltas)]
        found[way] = said(way, words)
    found["bare_mean_over_read"] = round(found["bare mean"]["seconds"] / found["read"]["seconds"], 2)
    print(f"  a bare mean takes {found['bare_mean_over_read']} times as long as reading")


def measure_peers(folder: Path, deltas: int, found: Figures) -> None:
    from bench.merging.environment import peers_python
    from bench.merging.files import data_sha256
    from tapestry.environment import read_environment

    python = peers_python(read_environment().var)
    if python is None:
        return
    script = ROOT / "bench" / "merging" / "peers.py"
    for way in PEERS:
        found[way] = said(way, [python, script, way, folder, str(deltas)])
    if found["mergekit linear"]:
        ours, theirs = data_sha256(folder / "ours"), data_sha256(folder / "mergekit-linear")
        found["same_bytes_as_mergekit_linear"] = ours == theirs
        print(f"  our mean and mergekit's linear have {'the same' if ours == theirs else 'OTHER'} bytes")


def said(way: str, words: list[Any]) -> Figures:
    """Return what a process says of a way, and print it; nothing, after a line that says so, if it failed."""
    environment = os.environ | THREADS | OFFLINE
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"  {way}: failed: {done.stderr[-400:]}", flush=True)
        return {}
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    print(f"  {way:20} {figures['seconds']:8.2f} s {figures['extra_mib']:8.0f} MiB extra", flush=True)
    return figures


def measure(way: str, folder: Path, deltas: int) -> None:
    """Run in a child: best seconds, and the MiB that the work added to an interpreter with its imports."""
    from bench.merging.files import WEIGHTS
    from bench.merging.ours import WAYS
    from bench.merging.peers import peak_mib

    paths = [folder / str(number) / WEIGHTS for number in range(deltas + 1)]
    updates = {str(number): path for number, path in enumerate(paths[1:], 1)}
    (folder / "ours").mkdir(exist_ok=True)
    before, seconds = peak_mib(), []
    for _ in range(REPEATS):
        shutil.rmtree(folder / "ours")
        (folder / "ours").mkdir()
        started = time.perf_counter()
        WAYS[way](paths[0], updates, folder / "ours" / WEIGHTS)
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": round(min(seconds), 4), "extra_mib": round(peak_mib() - before, 1)}))


if __name__ == "__main__":
    main()
