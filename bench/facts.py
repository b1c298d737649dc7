"""How fast and in how much memory facts about a large file are computed, next to merely reading it.

    python bench/facts.py [--large] [--megabytes 1000] [--json FILE]

The file is text of random words under TAPESTRY_VAR (or the system's temporary folder), removed afterwards. Reading,
hashing and counting are the best of three in one process each, in turns, from a warm page cache; the inspection is the
whole of ``inspect_in_child``, once, its memory measured from outside. ``--large`` inspects a file of 10 GB instead.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MEGABYTE, LARGE, REPEATS, GOAL = 1_000_000, 10_000, 3, 300


def write_text(path: Path, megabytes: int) -> None:
    """Lines of 5 to 25 words out of 50,000, a tenth of them with letters beyond ASCII; no line is repeated."""
    chance = random.Random(7)  # noqa: S311 - the same file in each run
    words = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyzéüñ", k=chance.randint(2, 11)))
        for _ in range(50_000)
    ]
    with path.open("wb") as file:
        block: list[str] = []
        number = size = 0
        while size < megabytes * MEGABYTE:
            block.clear()
            for _ in range(20_000):
                number += 1
                block.append(f"{number} {' '.join(chance.choices(words, k=chance.randint(5, 25)))}\n")
            size += file.write("".join(block).encode())
        file.truncate(megabytes * MEGABYTE)


def read(path: Path) -> None:
    buffer = bytearray(1 << 20)
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def count(path: Path) -> None:
    from catalog.facts.counting import count_file

    count_file(path)


WAYS = {"read": read, "count": count}


def measure(way: str, path: Path) -> None:
    """Run in a child: seconds, and the peak of the resident set in MB, interpreter and imports included."""
    WAYS[way](Path(os.devnull))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    WAYS[way](path)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {"seconds": seconds, "peak_mb": peak * 1024 / 1e6, "added_mb": (peak - before) * 1024 / 1e6}
        )
    )


def in_child(way: str, path: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


class Watch(threading.Thread):
    """The largest resident set, bytes, of any child of this process."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.over = 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.02):
            for child in psutil.Process().children():
                try:
                    self.peak = max(self.peak, child.memory_info().rss)
                except psutil.Error:
                    continue


def inspect(path: Path) -> dict[str, float]:
    from catalog.facts import inspect_in_child

    watch = Watch()
    watch.start()
    started = time.perf_counter()
    facts = inspect_in_child(path, name=path.name, languages=["en"])
    seconds = time.perf_counter() - started
    watch.over.set()
    watch.join()
    return {"seconds": seconds, "peak_mb": watch.peak / 1e6, "records": facts.records}


def report(megabytes: int, found: dict[str, dict[str, float]]) -> None:
    for way, figures in found.items():
        speed = megabytes / figures["seconds"]
        print(
            f"{way:>8}: {figures['seconds']:8.2f} s  {speed:8.0f} MB/s  {figures['peak_mb']:6.0f} MB resident at most"
        )
    if "count" in found:
        speed = megabytes / found["count"]["seconds"]
        print(
            f"hashing and counting at {speed:.0f} MB/s; the goal is {GOAL}: {'met' if speed >= GOAL else 'MISSED'}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--large", action="store_true", help="inspect a file of 10 GB, nothing else")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure(options.way, options.file)
        return
    megabytes = LARGE if options.large else options.megabytes
    if var := os.environ.get("TAPESTRY_VAR"):
        Path(var).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=var) as folder:
        write_text(path := Path(folder) / "text.txt", megabytes)
        found: dict[str, dict[str, float]] = {}
        for _ in range(0 if options.large else REPEATS):
            for way in WAYS:
                found[way] = min(
                    found.get(way, {"seconds": 1e9}), in_child(way, path), key=lambda each: each["seconds"]
                )
        found["inspect"] = inspect(path)
    report(megabytes, found)
    figures = {"bench": "facts", "megabytes": megabytes} | found
    print(json.dumps(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
