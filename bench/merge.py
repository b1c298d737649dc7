"""How fast is a merge, next to merely reading its files and to the obvious way with whole arrays?

    python bench/merge.py [--deltas 8] [--elements 10_000_000] [--folder FOLDER]

Elements are float32 values per file; 100_000_000 is the size that DESIGN §7 speaks of (3.6 GB of files and
more than 4 GB of memory for the peer). TAPESTRY_BENCH_ELEMENTS sets the default. Each figure is the best of
three runs in its own process, from a warm page cache. Prints one line for people and one of JSON.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
REPEATS = 3


def write_files(folder: Path, deltas: int, elements: int) -> None:
    import numpy as np

    from training.tensors import TensorSpec, write_header

    header, _ = write_header([TensorSpec("weights", "F32", (elements,))])
    for number in range(deltas + 1):
        rng = np.random.default_rng(number)
        with (folder / str(number)).open("wb") as file:
            file.write(header)
            for start in range(0, elements, 1 << 20):
                values = rng.standard_normal(min(1 << 20, elements - start), dtype=np.float32)
                file.write((values * np.float32(0.001)).data)


def read_only(base: Path, deltas: Sequence[Path], _out: Path) -> None:
    buffer = bytearray(1 << 20)
    for path in (base, *deltas):
        with path.open("rb", buffering=0) as file:
            while file.readinto(buffer):
                pass


def merge(base: Path, deltas: Sequence[Path], out: Path) -> None:
    from training.merge import merge_mean

    merge_mean(base, deltas, out)


def whole_arrays(base: Path, deltas: Sequence[Path], out: Path) -> None:
    """The peer does less: neither dot products nor finite checks nor a hash, and it does not sync."""
    import numpy as np
    from safetensors.numpy import load_file, save_file

    updates = [load_file(path)["weights"] for path in deltas]
    save_file({"weights": load_file(base)["weights"] + np.mean(updates, axis=0)}, out)


WAYS = {"read": read_only, "merge": merge, "numpy": whole_arrays}


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(way: str, folder: Path, deltas: int) -> None:
    """Run in a child: best seconds, and the MiB that the work added to an interpreter with its imports."""
    import numpy  # noqa: F401, ICN001 - its memory belongs to the interpreter, not to the work
    import safetensors.numpy  # noqa: F401

    import training.merge  # noqa: F401

    paths = [folder / str(number) for number in range(deltas + 1)]
    before, seconds = peak_mib(), []
    for _ in range(REPEATS):
        started = time.perf_counter()
        WAYS[way](paths[0], paths[1:], folder / "out")
        seconds.append(time.perf_counter() - started)
        (folder / "out").unlink(missing_ok=True)
    print(json.dumps({"seconds": round(min(seconds), 4), "extra_mib": round(peak_mib() - before, 1)}))


def in_child(way: str, folder: Path, deltas: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder), "--deltas", str(deltas)]
    environment = os.environ | THREADS | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(printed))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deltas", type=int, default=8)
    parser.add_argument(
        "--elements", type=int, default=int(os.environ.get("TAPESTRY_BENCH_ELEMENTS", "10_000_000"))
    )
    parser.add_argument(
        "--folder", type=Path, help="where to put the files (default: the system's temporary one)"
    )
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure(options.way, options.folder, options.deltas)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        write_files(Path(name), options.deltas, options.elements)
        found = {way: in_child(way, Path(name), options.deltas) for way in WAYS}
    report(options, found)


def report(options: argparse.Namespace, found: dict[str, dict[str, float]]) -> None:
    ratio = found["merge"]["seconds"] / found["read"]["seconds"]
    print(
        f"merge of {options.deltas} × {options.elements:,} float32: {found['merge']['seconds']:.2f} s, "
        f"{ratio:.1f} × reading the files ({found['read']['seconds']:.2f} s), "
        f"{found['merge']['extra_mib']:.0f} MiB extra; "
        f"whole arrays: {found['numpy']['seconds']:.2f} s, {found['numpy']['extra_mib']:.0f} MiB extra"
    )
    size = {"bench": "merge", "deltas": options.deltas, "elements": options.elements}
    print(json.dumps(size | found | {"merge_over_read": round(ratio, 2)}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
