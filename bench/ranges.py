"""How much faster is a merge in ranges on two workers than one pass?

    python bench/ranges.py [--deltas 8] [--elements 10_000_000] [--ranges 4] [--folder FOLDER]

What workers do with files and store, without database and broker, which add some 10 ms a range: each range is
read, merged with all evidence, written to a part, put into a store; then the parts are joined
into the store of the whole. One pass merges into a file and puts that into the store, as small merges
do. The best of three runs each, from a warm page cache. Prints lines for people and one of JSON.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# Before numpy is loaded, here and in the workers: one thread for arithmetic each (DESIGN §7).
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.merging.files import WEIGHTS, write_models  # noqa: E402 - found only now
from provenance.blobs.directory import DirectoryStore  # noqa: E402
from training.merge import merge  # noqa: E402
from training.merge.inputs import opened_inputs  # noqa: E402
from training.merge.plan import MergePlan, plan_merge  # noqa: E402
from training.merge.resolving import resolve  # noqa: E402
from training.merge.spans import merge_span  # noqa: E402

WORKERS, REPEATS, CHUNK = 2, 3, 1 << 20


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory(dir=options.folder) as name, ProcessPoolExecutor(WORKERS) as pool:
        folder = Path(name)
        elements = write_models(folder, options.deltas, options.elements)
        list(pool.map(time.sleep, [0.1] * WORKERS))  # both are there, with their imports
        one, whole = best(lambda: in_one_pass(folder, options.deltas))
        two, again = best(lambda: in_ranges(folder, options.deltas, options.ranges, pool))
    assert whole == again, "the bytes differ"
    print(
        f"{options.deltas} updates of {elements:,} float32 values, with evidence, into the store: one pass "
        f"{one:.2f} s; {options.ranges} ranges on {WORKERS} workers {two:.2f} s, {two / one:.2f} times that; "
        "the same bytes"
    )
    found = {"one_pass": one, "ranges": two, "deltas": options.deltas, "elements": elements}
    print(json.dumps({"bench": "ranges", "count": options.ranges, "workers": WORKERS, **found}))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = int(os.environ.get("TAPESTRY_BENCH_ELEMENTS", "10_000_000"))
    parser.add_argument("--deltas", type=int, default=8)
    parser.add_argument("--elements", type=int, default=default)
    parser.add_argument("--ranges", type=int, default=4)
    parser.add_argument("--folder", type=Path, help="where to put the files (default: the system's own)")
    return parser.parse_args()


def best(way: Callable[[], str]) -> tuple[float, str]:
    """Return the shortest time of some runs, in seconds, and the sha256 that came out."""
    seconds, sha256 = [], ""
    for _ in range(REPEATS):
        started = time.perf_counter()
        sha256 = way()
        seconds.append(time.perf_counter() - started)
    return round(min(seconds), 3), sha256


def planned(folder: Path, deltas: int) -> MergePlan:
    updates = {str(number): folder / str(number) / WEIGHTS for number in range(1, deltas + 1)}
    return plan_merge(folder / "0" / WEIGHTS, updates)


def in_one_pass(folder: Path, deltas: int) -> str:
    plan = planned(folder, deltas)
    merge(plan.base, plan.updates, folder / "out")
    return DirectoryStore(folder / "wholes").put(chunks(folder / "out")).sha256


def in_ranges(folder: Path, deltas: int, count: int, pool: ProcessPoolExecutor) -> str:
    with opened_inputs(planned(folder, deltas)) as inputs:
        header = inputs.base.header
        cuts = [inputs.elements * number // count for number in range(count + 1)]
    parts = list(pool.map(one_range, [(folder, deltas, span) for span in itertools.pairwise(cuts)]))
    rooms = DirectoryStore(folder / "parts")

    def joined() -> Iterator[bytes]:
        yield header
        for sha256 in parts:
            with rooms.local_path(sha256) as path:
                yield from chunks(path)

    return DirectoryStore(folder / "wholes").put(joined()).sha256


def one_range(given: tuple[Path, int, tuple[int, int]]) -> str:
    """What a worker does: return the sha256 of its part."""
    folder, deltas, span = given
    plan = planned(folder, deltas)
    with tempfile.TemporaryDirectory(dir=folder) as name, opened_inputs(plan) as inputs:
        part, resolved = Path(name) / "part", resolve(plan, inputs.elements, {})
        with part.open("wb") as file:
            merge_span(inputs, resolved, span, file.write, file.write)
        return DirectoryStore(folder / "parts").put(chunks(part)).sha256


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(CHUNK), b"")


if __name__ == "__main__":
    main()
