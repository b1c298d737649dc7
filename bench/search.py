"""How fast the embedded search is on real dataset descriptions. Run: python bench/search.py [--json FILE]

Reads up to 10,000 descriptions of the Open Trusted Data Initiative's static catalog where they lie beside the
project (shared/data/otdi.jsonl.gz); without them nothing honest can be measured, and it says so.
"""

import argparse
import gzip
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [folder / "shared/data/otdi.jsonl.gz" for folder in (ROOT, ROOT.parent)]
sys.path.insert(0, str(ROOT))

from catalog.search.index import Document, Query  # noqa: E402
from catalog.search.tantivy_index import TantivyIndex  # noqa: E402

ENTRIES, QUERIES, BATCH = 10_000, 200, 500


def documents(path: Path) -> Iterator[Document]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in zip(range(ENTRIES), lines, strict=False):
            yield _document(number, json.loads(line))


def _document(number: int, row: dict[str, Any]) -> Document:
    kinds = row.get("categories") or {}
    facets = {
        "tier": ("open",),
        "language": tuple(kinds.get("language") or ()),
        "license": (row.get("license") or "unknown",),
        "theme": tuple(kinds.get("domain") or ()),
        "member": (row.get("creator") or "unknown",),
        "modality": tuple(kinds.get("modality") or ()),
    }
    text = row.get("description") or ""
    return Document(
        slug=f"e{number}", audience="public", stamp="", created=number, title=row["name"],
        summary=text[:200], about=" ".join(row.get("keywords") or ()), description=text, facets=facets,
    )  # fmt: skip


def questions(entries: Sequence[Document]) -> Iterator[str]:
    """One to three words as they stand side by side in some title or description, half of them unfinished."""
    chance = random.Random(7)  # noqa: S311 - the same questions in each run
    while True:
        words = f"{(entry := chance.choice(entries)).title} {entry.description}".split()
        start = chance.randrange(max(1, len(words) - 3))
        text = " ".join(words[start : start + chance.randint(1, 3)])
        yield text[: max(3, len(text) - 2)] if chance.random() < 0.5 else text


def measure(path: Path) -> dict[str, float]:
    entries = list(documents(path))
    with tempfile.TemporaryDirectory() as folder:
        index = TantivyIndex(Path(folder))
        begin = time.perf_counter()
        for start in range(0, len(entries), BATCH):
            index.put(entries[start : start + BATCH])
        indexing = time.perf_counter() - begin
        begin = time.perf_counter()
        index.put(entries[:1])
        one = time.perf_counter() - begin
        times, hits = [], []
        for _, text in zip(range(QUERIES), questions(entries), strict=False):
            begin = time.perf_counter()
            hits.append(index.search(Query(audiences=frozenset({"public"}), text=text)).total)
            times.append((time.perf_counter() - begin) * 1000)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return {
        "entries": len(entries),
        "index_seconds": round(indexing, 2),
        "one_entry_ms": round(one * 1000, 1),
        "index_megabytes": round(size / 1e6, 1),
        "queries": len(times),
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
        "max_ms": round(max(times), 2),
        "median_hits": statistics.median(hits),
        "queries_without_hits": hits.count(0),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures here as well")
    chosen = arguments.parse_args()
    path = next((source for source in SOURCES if source.exists()), None)
    if path is None:
        print("skipped: shared/data/otdi.jsonl.gz is not here")
        return
    figures = measure(path)
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):>22}  {value}")
    print(json.dumps({"bench": "search", **figures}))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
