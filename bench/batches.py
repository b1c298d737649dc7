"""What a table of descriptions costs. Run: python bench/batches.py [--rows N] [--json FILE]

The floor reads the same bytes and validates each row without a database. Above it stands the whole: rows are
kept, and each becomes a draft with its event, in a transaction of its own. The memory of reading the largest
table that is taken is that of a fresh process, beside the same process with nothing but its bytes.
"""

import argparse
import csv
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from catalog.batches.describing import describe  # noqa: E402
from catalog.batches.models import Batch  # noqa: E402
from catalog.batches.reading import read_table  # noqa: E402
from catalog.batches.services import start_batch  # noqa: E402
from catalog.batches.states import BatchState  # noqa: E402
from catalog.batches.working import run_batch  # noqa: E402
from catalog.members.actors import actor_of  # noqa: E402
from tests.catalog.batches.hubspot import HEADINGS, row_of  # noqa: E402
from tests.factories import make_member, make_person  # noqa: E402
from tests.scratch import scratch_database  # noqa: E402

FAULTLESS = 1  # a row of the export that nothing is wrong with
MOST_STATEMENTS, MOST_MEBIBYTES = 14, 150
LARGEST_ROWS, LARGEST_BYTES = 5_000, 10 * 2**20  # as catalog/batches/table.py takes


def table_of(rows: int, padding: str = "") -> bytes:
    """A table whose rows differ in title and address; ``padding`` makes their cells longer."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    cells = row_of(FAULTLESS)
    for number in range(rows):
        changed = {
            "Dataset name": f"Stories, part {number}{padding}",
            "Dataset URL": f"https://data.example/{number}",
        }
        writer.writerow([{**cells, **changed}[heading] for heading in HEADINGS])
    return text.getvalue().encode()


def peak_mebibytes() -> float:
    """Return the most memory that this process has held since it began (``VmHWM``, proc(5))."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def peaks_of_reading(data: bytes) -> tuple[int, float, float]:
    """Read a table; return its rows and the peaks before and after. Runs in a process of its own."""
    before = peak_mebibytes()
    table = read_table("t.csv", data)
    return len(table.rows), before, peak_mebibytes()


def measure_memory() -> dict[str, float]:
    bare = len(table_of(LARGEST_ROWS))
    data = table_of(LARGEST_ROWS, " " + "x" * ((LARGEST_BYTES - bare) // LARGEST_ROWS - 1))
    with get_context("spawn").Pool(1) as fresh:
        rows, before, after = fresh.apply(peaks_of_reading, (data,))
    if rows != LARGEST_ROWS:
        raise SystemExit(f"{rows} rows were read")
    return {
        "largest_mebibytes": round(len(data) / 2**20, 2),
        "peak_before_reading_mebibytes": round(before, 1),
        "peak_of_reading_mebibytes": round(after, 1),
    }


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the statements that the database is asked."""
    count = [0]

    def count_one(execute: Any, *arguments: Any) -> Any:
        count[0] += 1
        return execute(*arguments)

    with connection.execute_wrapper(count_one):
        yield count


def measure(rows: int) -> dict[str, float]:
    data = table_of(rows)
    person = make_person(make_member("archive"))
    member, actor = make_member("archive"), actor_of(person)
    warm = start_batch(actor=actor, member=member, name="warm", table=read_table("t.csv", table_of(9)))
    describe(warm.columns, {}, row_of(FAULTLESS))
    warm.delete()

    begin = time.perf_counter()
    table = read_table("t.csv", data)
    reading = time.perf_counter() - begin
    for row in table.rows:
        describe(warm.columns, {}, row.values)
    floor = time.perf_counter() - begin

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    batch = start_batch(actor=actor, member=member, name="t.csv", table=read_table("t.csv", data))
    kept = time.perf_counter() - begin
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.WORKING)
    with counted() as statements:
        run_batch(batch.pk)
    whole = time.perf_counter() - begin
    drafted = batch.rows.filter(state="drafted").count()
    if drafted != rows:
        raise SystemExit(f"{rows - drafted} of {rows} rows are no drafts")
    return {
        "rows": rows,
        "read_seconds": round(reading, 2),
        "floor_seconds": round(floor, 2),
        "kept_seconds": round(kept, 2),
        "whole_seconds": round(whole, 2),
        "times_the_floor": round(whole / floor, 2),
        "milliseconds_a_row": round(whole / rows * 1000, 2),
        "statements_a_row": round(statements[0] / rows, 2),
        "grown_mebibytes": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=5_000)
    arguments.add_argument("--json", type=Path, help="write the figures here as well")
    chosen = arguments.parse_args()
    with scratch_database():
        figures = measure(chosen.rows) | measure_memory()
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):>30}  {value}")
    print(json.dumps({"bench": "batches", **figures}))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    if figures["statements_a_row"] > MOST_STATEMENTS or figures["grown_mebibytes"] > MOST_MEBIBYTES:
        raise SystemExit("a row costs more statements, or the table more memory, than it should")


if __name__ == "__main__":
    main()
