"""The node's own checkpoints: when they are due, and what is left of one that was not finished."""

import pytest

from tests.training.node.conftest import SMALL
from training.node.learning.loop import Pace
from training.node.learning.request import Request
from training.node.learning.resuming import newest, resume, save_checkpoint
from training.node.learning.sharding import Group
from training.node.learning.trainer import prepare

WORK = "f" * 64


@pytest.fixture
def state(workspace):
    return prepare(Request.read(workspace), Group())


def test_by_steps_a_checkpoint_is_due_at_each_multiple():
    pace = Pace(3, Group())
    assert [step for step in range(1, 10) if pace.is_due(step)] == [3, 6, 9]


def test_by_the_clock_a_checkpoint_is_due_after_the_pause():
    assert Pace(0, Group(), pause=0).is_due(1)
    assert not Pace(0, Group(), pause=60).is_due(1)


def test_a_slow_disk_makes_the_pause_longer():
    pace = Pace(0, Group(), pause=0)
    pace.spend(lambda: sum(range(1_000_000)))
    assert not pace.is_due(2)


def test_a_state_comes_back_as_it_was(workspace, state):
    import torch

    state.step, state.tokens, state.last_loss = 7, 700, 1.5
    next(state.batches)
    for tensor in state.tensors().values():
        if tensor.is_floating_point():
            tensor.add_(1)
    save_checkpoint(workspace / "own", state, work=WORK)
    other = prepare(Request.read(workspace), Group())
    assert resume(workspace / "own", other, work=WORK)
    assert other.document() == state.document()
    assert all(torch.equal(tensor, other.tensors()[name]) for name, tensor in state.tensors().items())
    assert torch.equal(next(other.batches)["input_ids"], next(state.batches)["input_ids"])


def test_an_unfinished_checkpoint_is_rubbish(workspace, state):
    folder = workspace / "own"
    (folder / ".step-5").mkdir(parents=True)
    (folder / "step-word").mkdir()
    assert not resume(folder, state, work=WORK)
    state.step = 1
    save_checkpoint(folder, state, work=WORK)
    assert newest(folder, work=WORK) == folder / "step-1"
    assert not (folder / ".step-5").exists()


def test_a_checkpoint_that_was_passed_over_is_written_again(workspace, state):
    folder = workspace / "own"
    (folder / "step-1").mkdir(parents=True)
    state.step = 1
    save_checkpoint(folder, state, work=WORK)
    assert newest(folder, work=WORK) == folder / "step-1"


def test_where_files_lie_and_how_many_compute_does_not_make_it_other_work(workspace, tmp_path):
    request = Request.read(workspace)
    moved = [file.model_copy(update={"path": tmp_path / "other" / file.path.name}) for file in request.files]
    assert (
        request.model_copy(update={"files": moved, "processes": 8, "threads": 9}).digest() == request.digest()
    )
    other = request.model_copy(update={"architecture": SMALL.model_dump() | {"rms_norm_eps": 1e-6}})
    assert other.digest() != request.digest()
