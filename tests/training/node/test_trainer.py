"""The training itself: every way of doing the same work gives the same update."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from safetensors.numpy import load, load_file

from tests.training.node.conftest import SMALL
from tests.training.node.feeding import chats, file, preferences
from training.manifest import Reading
from training.manifest.parts import Lora
from training.merge import initial_weights
from training.node.child import Child
from training.node.errors import JobError
from training.node.learning.request import Request, TeacherFiles, Weights
from training.node.learning.resuming import newest
from training.node.learning.sharding import Group
from training.node.learning.trainer import CHECKPOINTS, DELTA, train

CLOSE = 1e-3
"""Sums in another order differ in their last bits, and AdamW's division makes more of it."""
LORA = Lora(rank=2, alpha=4, targets=("q_proj", "down_proj"))


def change(workspace: Path, *, processes=1, **settings) -> Request:
    """Write the request anew with other settings."""
    request = Request.read(workspace)
    training = request.training.model_copy(update=settings)
    request = request.model_copy(update={"training": training, "processes": processes, "threads": processes})
    request.write(workspace)
    return request


def trained(workspace: Path, **settings) -> bytes:
    """Train in this process from the beginning and return the update's bytes."""
    shutil.rmtree(workspace / CHECKPOINTS, ignore_errors=True)
    return went_on(workspace, **settings)


def went_on(workspace: Path, **settings) -> bytes:
    train(workspace, change(workspace, **settings), Group())
    return (workspace / DELTA).read_bytes()


def reports(workspace: Path, *, processes=1):
    bounds = {"seconds": 120, "memory": 4 << 30, "threads": processes, "processes": processes}
    with Child(module="trainer", workspace=workspace, **bounds) as child:
        for report in child.reports(tick=0.2):
            if report:
                yield child, report


def kill_after_step(step: int, workspace: Path) -> None:
    with pytest.raises(JobError, match="exit status -9"):  # noqa: PT012 - it is raised by the loop itself
        for child, report in reports(workspace):
            if report.get("step", 0) > step:
                os.kill(child._process.pid, signal.SIGKILL)


def in_two_processes(workspace: Path, **settings) -> list[dict]:
    change(workspace, processes=2, **settings)
    return [report for _, report in reports(workspace, processes=2)]


def distance(first: bytes, second: bytes) -> float:
    """The largest difference of two updates, as a share of the first one's largest value."""
    ours, theirs = load(first), load(second)
    largest = max(abs(value).max() for value in ours.values())
    return max(abs(ours[name] - theirs[name]).max() for name in ours) / largest


def test_a_killed_training_goes_on_to_the_same_bytes(workspace):
    unbroken = trained(workspace, steps=200, checkpoint_every=20)
    shutil.rmtree(workspace / CHECKPOINTS)
    (workspace / DELTA).unlink()
    kill_after_step(50, workspace)
    assert not (workspace / DELTA).exists()
    said = [report["text"] for _, report in reports(workspace) if report["kind"] == "log"]
    assert any(text.startswith("going on after step") for text in said)
    assert (workspace / DELTA).read_bytes() == unbroken


def test_the_newest_two_checkpoints_are_kept(workspace):
    trained(workspace, checkpoint_every=2)
    assert {path.name for path in (workspace / CHECKPOINTS).iterdir()} == {"step-6", "step-8"}


@pytest.mark.parametrize("name", ["rank-0.safetensors", "state.json", "SHA256SUMS"])
def test_a_checkpoint_with_one_wrong_bit_is_passed_over(workspace, name):
    unbroken = trained(workspace, checkpoint_every=3)
    file = workspace / CHECKPOINTS / "step-9" / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert newest(workspace / CHECKPOINTS, work=Request.read(workspace).digest()).name == "step-6"
    assert went_on(workspace) == unbroken


def test_a_checkpoint_that_lost_a_file_is_passed_over(workspace):
    unbroken = trained(workspace, checkpoint_every=3)
    (workspace / CHECKPOINTS / "step-9" / "rank-0.safetensors").unlink()
    assert went_on(workspace) == unbroken


def test_nothing_goes_on_from_a_checkpoint_of_other_work(workspace):
    trained(workspace, checkpoint_every=3)
    change(workspace, seed=4)
    assert newest(workspace / CHECKPOINTS, work=Request.read(workspace).digest()) is None


def test_when_checkpoints_are_written_changes_no_byte(workspace):
    assert trained(workspace, checkpoint_every=1) == trained(workspace, checkpoint_every=0)


def test_two_micro_batches_are_one_batch_of_twice_the_size(workspace):
    whole = trained(workspace, batch_size=4)
    assert distance(whole, trained(workspace, batch_size=2, accumulation=2)) < CLOSE


def test_computing_activations_again_changes_nothing(workspace):
    assert trained(workspace) == trained(workspace, gradient_checkpointing=True)


def test_bf16_stays_near_fp32(workspace):
    assert 0 < distance(trained(workspace), trained(workspace, dtype="bf16")) < 0.5


def test_two_processes_train_what_one_does_and_one_goes_on_where_they_stood(workspace):
    alone = trained(workspace, checkpoint_every=4)
    shutil.rmtree(workspace / CHECKPOINTS)
    in_two_processes(workspace, checkpoint_every=4)
    assert distance(alone, (workspace / DELTA).read_bytes()) < CLOSE
    assert distance(alone, went_on(workspace)) < CLOSE


def test_two_processes_go_on_where_one_stood_with_adapters_in_bf16(workspace):
    settings = {"lora": LORA, "dtype": "bf16", "gradient_checkpointing": True, "checkpoint_every": 4}
    alone = trained(workspace, **settings)
    said = in_two_processes(workspace, **settings)
    assert {"kind": "log", "text": "going on after step 8"} in said
    assert distance(alone, (workspace / DELTA).read_bytes()) < 0.1


def test_adapters_change_only_the_layers_that_the_manifest_names(workspace):
    trained(workspace, lora=LORA)
    base, delta = load_file(workspace / "base.safetensors"), load_file(workspace / DELTA)
    assert {name: value.shape for name, value in delta.items()} == {
        name: value.shape for name, value in base.items()
    }
    changed = {name.split(".")[-2] for name, value in delta.items() if value.any()}
    assert changed == set(LORA.targets)


def test_adapters_go_on_from_a_checkpoint_to_the_same_bytes(workspace):
    unbroken = trained(workspace, lora=LORA, checkpoint_every=4)
    assert went_on(workspace, lora=LORA) == unbroken


@pytest.mark.parametrize("kind", ["llama", "mistral", "qwen2", "qwen3"])
def test_every_known_type_trains(workspace, kind):
    architecture = SMALL.model_copy(update={"model_type": kind, "tie_word_embeddings": kind == "qwen2"})
    base = workspace / "other.safetensors"
    initial_weights(architecture, 1, base)
    request = Request.read(workspace).model_copy(
        update={
            "architecture": architecture.model_dump(),
            "weights": [Weights(digest="c" * 64, path=base)],
        }
    )
    train(workspace, request, Group())
    assert load_file(workspace / DELTA).keys() == load_file(base).keys()


@pytest.mark.parametrize(
    ("objective", "rows", "reading"),
    [
        ("sft", chats(40), Reading.JSONL_MESSAGES),
        ("dpo", preferences(40), Reading.JSONL_PREFERENCES),
        ("distillation", [f"a line of number {number}" for number in range(40)], Reading.LINES),
    ],
)
def test_every_objective_learns_and_goes_on_to_the_same_bytes(workspace, capfd, objective, rows, reading):
    larger = SMALL.model_copy(update={"hidden_size": 48})
    initial_weights(larger, 9, workspace / "teacher.safetensors")
    teacher = TeacherFiles(architecture=larger.model_dump(), path=workspace / "teacher.safetensors")
    learning = {
        "teacher": teacher if objective == "distillation" else None,
        "files": [file(workspace / "rows", rows, reading=reading)],
    }
    Request.read(workspace).model_copy(update=learning).write(workspace)
    unbroken = trained(workspace, objective=objective, checkpoint_every=4)
    result = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert result["last_loss"] < result["first_loss"]
    assert went_on(workspace) == unbroken


def test_a_loss_that_is_no_number_ends_the_training_with_its_reason(workspace):
    with pytest.raises(JobError) as error:
        trained(workspace, learning_rate=1e30, warmup_steps=0)
    assert error.value.code == "training-diverged"


def test_a_metric_says_what_the_manifest_asks_for(workspace, capfd):
    trained(workspace, hooks=("curve", "gradient-norm", "memory", "energy"))
    said = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")]
    metrics = [report for report in said if report["kind"] == "metric"]
    assert [metrics[0]["step"], metrics[-1]["step"]] == [1, 10]
    assert metrics[-1]["tokens"] == 10 * 4 * 32
    assert metrics[-1]["gradient_norm"] > 0
    assert metrics[-1]["memory_bytes"] > 2**20


def test_without_the_curve_only_the_first_and_the_last_step_are_told(workspace, capfd):
    trained(workspace, hooks=(), steps=60)
    out = capfd.readouterr().out
    assert out.count('"metric"') == 2
