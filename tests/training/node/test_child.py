"""The computing child: it trains, it is a function of its inputs, it stays within its bounds."""

import hashlib
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from training.node.child import Child
from training.node.errors import JobError
from training.node.learning.trainer import DELTA

ROOT = Path(__file__).parents[3]


def run(module, workspace, *, seconds=120, memory=4 << 30, processes=1):
    bounds = {"seconds": seconds, "memory": memory, "threads": 1, "processes": processes}
    with Child(module=module, workspace=workspace, **bounds) as child:
        return [report for report in child.reports(tick=0.2) if report]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_training_lowers_the_loss_and_repeats_to_the_last_bit(workspace):
    first = run("trainer", workspace)[-1]
    delta = sha256(workspace / DELTA)
    second = run("trainer", workspace)[-1]
    assert first["kind"] == "result"
    assert first["last_loss"] < first["first_loss"]
    assert second | {"seconds": 0} == first | {"seconds": 0}
    assert sha256(workspace / DELTA) == delta


def test_an_evaluation_says_bits_per_byte_for_each_language(workspace):
    results = [report for report in run("evaluator", workspace) if report["kind"] == "result"]
    assert [(r["language"], r["version"]) for r in results] == [("vi", "b" * 64)]
    # Untrained, and near log2(264 / 256) above the eight bits of a byte that anything might follow.
    assert 7.5 < results[0]["bits_per_byte"] < 9
    assert results[0]["bytes"] > 500


def test_no_report_carries_a_line_of_the_text(workspace):
    import json

    from tapestry.demonstration.facts import corpus_path

    said = json.dumps(run("trainer", workspace), ensure_ascii=False)
    assert not [
        line for line in corpus_path("vi").read_text().splitlines() if len(line) > 20 and line in said
    ]


def test_a_child_that_takes_too_long_is_ended(workspace):
    with pytest.raises(JobError) as error:
        run("trainer", workspace, seconds=0)
    assert error.value.code == "time-limit"


def test_a_child_that_takes_too_much_memory_is_ended(workspace):
    with pytest.raises(JobError) as error:
        run("trainer", workspace, memory=50 << 20)
    assert error.value.code == "memory-limit"


def test_a_child_that_dies_says_its_last_words(workspace):
    (workspace / "base.safetensors").write_bytes(b"not weights")
    with pytest.raises(JobError) as error:
        run("trainer", workspace)
    assert (error.value.code, error.value.retry) == ("trainer-died", True)
    assert "SafetensorError" in str(error.value)


@pytest.mark.parametrize("processes", [1, 2])
def test_all_that_the_child_started_dies_with_a_killed_parent(workspace, processes):
    script = (
        "import sys, time; from pathlib import Path; from training.node.child import Child\n"
        f"bounds = dict(seconds=99, memory=4 << 30, threads=1, processes={processes})\n"
        "child = Child(module='trainer', workspace=Path(sys.argv[1]), **bounds)\n"
        "print(child._process.pid, flush=True); next(filter(None, child.reports(tick=1)))\n"
        "print('it works', flush=True); time.sleep(99)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(workspace)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with parent, parent.stdout:
        child = psutil.Process(int(parent.stdout.readline()))
        assert parent.stdout.readline() == "it works\n"
        started = [child, *child.children(recursive=True)]
        parent.kill()
    assert len(started) >= processes
    assert psutil.wait_procs(started, timeout=10)[1] == []


def test_stopping_a_group_leaves_nothing_behind(workspace):
    child = Child(module="trainer", workspace=workspace, seconds=99, memory=4 << 30, threads=2, processes=2)
    with child:
        next(filter(None, child.reports(tick=1)))
        started = psutil.Process(child._process.pid).children(recursive=True)
        assert len(started) >= 2
    assert psutil.wait_procs(started, timeout=10)[1] == []


def test_the_memory_of_a_group_counts_together(workspace):
    # One process of it needs less than that, and the launcher too.
    with pytest.raises(JobError) as error:
        run("trainer", workspace, memory=600 << 20, processes=2)
    assert error.value.code == "memory-limit"
