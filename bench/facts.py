"""How fast and in how much memory facts about a large file are computed, next to merely reading it.

    python bench/facts.py [--large] [--megabytes 1000] [--kind text csv gz arrow parquet] [--json FILE]

The file is text of random words, a sixth of its bytes beyond ASCII, under TAPESTRY_VAR (or the system's
temporary folder), removed afterwards. Reading, hashing and counting are the best of three in one process
each, in turns, from a warm page cache; the inspection is the whole of ``inspect_in_child``, once, its memory
measured from outside. ``--large`` inspects a file of 10 GB instead. Other kinds hold the same lines in a
column of a table (of 50,000 rows a batch) or packed, and are inspected alone.
"""

import argparse
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from string import ascii_lowercase
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

MEGABYTE, FRESH, LARGE, REPEATS, GOAL = 1_000_000, 500, 10_000, 3, 300


def write_text(path: Path, megabytes: int) -> None:
    """Lines of 5 to 25 words out of 50,000; none is repeated. Beyond 500 MB they are rotated copies."""
    chance = random.Random(7)  # noqa: S311 - the same file in each run
    letters = "abcdefghijklmnopqrstuvwxyzéüñ"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 11))) for _ in range(50_000)]
    number = size = 0
    with path.open("wb+") as file:
        while size < min(megabytes, FRESH) * MEGABYTE:
            lines = (" ".join(chance.choices(words, k=chance.randint(5, 25))) for _ in range(20_000))
            size += file.write("".join(f"{number + at} {line}\n" for at, line in enumerate(lines)).encode())
            number += 20_000
        fresh = size
        for copy in range(1, megabytes * MEGABYTE // fresh + 1):
            rotated = ascii_lowercase[copy:] + ascii_lowercase[:copy]
            table = bytes.maketrans(ascii_lowercase.encode(), rotated.encode())
            for at in range(0, fresh, MEGABYTE):
                chunk = os.pread(file.fileno(), min(MEGABYTE, fresh - at), at)
                file.write(chunk.translate(table))
        file.truncate(megabytes * MEGABYTE)


def write_csv(text: Path, path: Path) -> None:
    with text.open("rb") as lines, path.open("wb") as table:
        table.write(b"number,text\n")
        table.writelines(line.replace(b" ", b",", 1) for line in lines)


def write_gz(text: Path, path: Path) -> None:
    with text.open("rb") as lines, gzip.open(path, "wb", compresslevel=1) as packed:
        copyfileobj(lines, packed, MEGABYTE)


def write_arrow(text: Path, path: Path) -> None:
    import pyarrow as pa

    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, schema()) as table:
        for batch in batches(text):
            table.write_batch(batch)


def write_parquet(text: Path, path: Path) -> None:
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(path, schema(), compression="zstd") as table:
        for batch in batches(text):
            table.write_batch(batch)


def schema() -> Any:
    import pyarrow as pa

    return pa.schema([("number", pa.int64()), ("text", pa.string())])


def batches(text: Path) -> Iterator[Any]:
    import pyarrow as pa

    with text.open("r", encoding="utf-8") as lines:
        while rows := [line.rstrip("\n").split(" ", 1) for line in islice(lines, 50_000)]:
            numbers, texts = zip(*rows, strict=True)
            yield pa.record_batch([pa.array(map(int, numbers)), pa.array(texts)], schema=schema())


KINDS = {"csv": write_csv, "gz": write_gz, "arrow": write_arrow, "parquet": write_parquet}
NAMES = {"text": "text.txt", "gz": "text.txt.gz"} | {kind: f"text.{kind}" for kind in KINDS if kind != "gz"}


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


def inspect_as(kind: str, text: Path) -> dict[str, float]:
    """Inspect the lines as another kind of file; its megabytes are those that lie on the disk."""
    if kind == "text":
        return inspect(text)
    KINDS[kind](text, path := text.with_name(NAMES[kind]))
    try:
        return inspect(path) | {"file_mb": path.stat().st_size / 1e6}
    finally:
        path.unlink()


def report(megabytes: int, found: dict[str, dict[str, float]]) -> None:
    for way, figures in found.items():
        speed = f"{figures['seconds']:8.2f} s  {megabytes / figures['seconds']:8.0f} MB/s"
        print(f"{way:>15}: {speed}  {figures['peak_mb']:6.0f} MB resident at most")
    if "count" in found:
        speed_of_count = megabytes / found["count"]["seconds"]
        verdict = "met" if speed_of_count >= GOAL else "MISSED"
        print(f"hashing and counting at {speed_of_count:.0f} MB/s; the goal is {GOAL}: {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--large", action="store_true", help="inspect a file of 10 GB, nothing else")
    parser.add_argument("--kind", nargs="+", choices=NAMES, default=["text"])
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
        for _ in range(0 if options.large or "text" not in options.kind else REPEATS):
            for way in WAYS:
                figures = in_child(way, path)
                if way not in found or figures["seconds"] < found[way]["seconds"]:
                    found[way] = figures
        for kind in options.kind:
            found[f"inspect {kind}"] = inspect_as(kind, path)
    report(megabytes, found)
    summary = {"bench": "facts", "megabytes": megabytes} | found
    print(json.dumps(summary))
    if options.json:
        options.json.write_text(json.dumps(summary, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
