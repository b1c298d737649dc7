import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from catalog.facts import FileRefused, Limits, inspect_file, inspect_in_child
from catalog.facts.supervising import _cause_of_death

ROOT = Path(__file__).parents[3]
CORPORA = ROOT / "tapestry/demonstration/corpora"
FRENCH = CORPORA / "fr.txt"


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_the_child_finds_the_same_as_this_process():
    there = inspect_in_child(FRENCH, name="fr.txt", languages=["fr"], preview_rows=2)
    assert there == inspect_file(FRENCH, name="fr.txt", languages=["fr"], preview_rows=2)


def test_progress_counts_bytes_up_to_twice_the_size():
    seen: list[tuple[int, int]] = []
    inspect_in_child(FRENCH, name="fr.txt", progress=lambda *at: seen.append(at))
    assert seen == sorted(seen)
    assert seen[-1] == (2 * FRENCH.stat().st_size,) * 2


def test_an_inspection_that_takes_too_long_is_ended():
    with pytest.raises(FileRefused) as refused:
        inspect_in_child(FRENCH, name="fr.txt", limits=Limits(seconds=0))
    assert refused.value.code == "inspection-timeout"


def test_an_inspection_that_takes_too_much_processor_time_is_ended():
    child = [
        sys.executable,
        "-c",
        "from catalog.facts.child import *; bound_myself(Limits(seconds=1))\nwhile 1: 1",
    ]
    ended = subprocess.run(child, cwd=ROOT, check=False)
    assert _cause_of_death(ended.returncode) == "inspection-timeout"


def test_an_inspection_that_takes_too_much_memory_is_ended():
    with pytest.raises(FileRefused) as refused:
        inspect_in_child(FRENCH, name="fr.txt", limits=Limits(memory_bytes=20_000_000))
    assert refused.value.code == "inspection-out-of-memory"


def test_a_child_that_crashes_is_a_refusal():
    before = children()  # the services of a test run among them

    def crash(done: int, total: int) -> None:
        for child in children() - before:
            os.kill(child, signal.SIGSEGV)

    with pytest.raises(FileRefused) as refused:
        inspect_in_child(FRENCH, name="fr.txt", progress=crash)
    assert refused.value.code == "inspection-crashed"


def test_what_progress_raises_ends_the_child():
    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = children()
    with pytest.raises(KeyboardInterrupt):
        inspect_in_child(FRENCH, name="fr.txt", progress=cancel)
    assert children() <= before


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileRefused) as refused:
        inspect_in_child(tmp_path / "none", name="none")
    assert refused.value.code == "file-unreadable"
