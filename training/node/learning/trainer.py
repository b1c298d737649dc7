"""Training in a process of its own: ``python -m training.node.learning.trainer <workspace>``, or as a group.

Reads the request, goes on from the newest checkpoint of its own if there is one, and writes
``delta.safetensors``: trained minus base, float32, the base's names and shapes. Where the manifest says
deterministic, that is a function of (base, files, settings, seed) on one kind of machine, however often it
was interrupted.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from training.node.errors import NodeError
from training.node.learning import adapters
from training.node.learning import model as models
from training.node.learning.loop import Loop, Pace
from training.node.learning.measuring import Meter
from training.node.learning.objectives import loss_of
from training.node.learning.optimizing import optimizer_of
from training.node.learning.reporting import report
from training.node.learning.request import Request
from training.node.learning.resuming import resume, save_checkpoint
from training.node.learning.saving import write_together
from training.node.learning.sharding import Group, is_launched, join, leave, whole
from training.node.learning.state import State
from training.node.parenthood import die_with_launcher
from training.node.reading.batches import Batches
from training.node.reading.tokenizing import load_tokenizer

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

    from training.manifest import Training

DELTA: Final = "delta.safetensors"
CHECKPOINTS: Final = "checkpoints"


def prepare(request: Request, group: Group) -> State:
    """Return the training before its first step."""
    settings = request.training
    model = models.build_empty(request.architecture)
    if settings.lora:
        adapters.attach(model, settings.lora)
    if settings.gradient_checkpointing:
        model.activation_checkpointing_enable()
    group.shard(model, dtype=settings.dtype)
    models.fill(model, request.weights[0].path)
    if settings.lora:
        adapters.initialise(model, seed=settings.seed)
    tokenizer = load_tokenizer(request.tokenizer)
    return State(
        model=model,
        optimizer=optimizer_of(model.parameters(), settings),
        batches=Batches(request, tokenizer, rank=group.rank, world=group.world),
        group=group,
    )


def teacher_of(request: Request) -> PreTrainedModel | None:
    """Return the frozen model that the objective compares with: a distillation's teacher, DPO's base."""
    settings = request.training
    if request.teacher:
        teacher = models.load(request.teacher.architecture, request.teacher.path, dtype=settings.dtype)
    elif settings.objective == "dpo":
        teacher = models.load(request.architecture, request.weights[0].path, dtype=settings.dtype)
    else:
        return None
    return teacher.requires_grad_(requires_grad=False).eval()


def write_delta(target: Path, state: State, base: Path, settings: Training) -> None:
    """Write trained minus base, tensor by tensor; all processes of the group call it together."""
    from safetensors import safe_open

    trained = models.parameters(state.model)
    with safe_open(base, framework="pt") as file:
        shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118 - no dict

        def difference(name: str) -> torch.Tensor:
            start = file.get_tensor(name).float()
            if settings.lora:
                added = adapters.product(state.model, name, settings.lora)
                return start.zero_() if added is None else added
            tied = name if name in trained else models.EMBEDDING
            return whole(trained[tied]).cpu() - start

        write_together(target, shapes, difference, leads=state.group.leads)


def train(workspace: Path, request: Request, group: Group) -> None:
    """Train as the request says and leave the weight update in the workspace."""
    settings, folder, work = request.training, workspace / CHECKPOINTS, request.digest()
    lead = report if group.leads else _silent
    lead("phase", name="loading")
    threads = max(1, request.threads // group.world)
    models.make_deterministic(seed=settings.seed, threads=threads, deterministic=settings.deterministic)
    state = prepare(request, group)
    objective = loss_of(settings, teacher_of(request))
    if resume(folder, state, work=work):
        lead("log", text=f"going on after step {state.step:,}")
    size = sum(parameter.numel() for parameter in state.model.parameters())
    processes = "one process" if group.world == 1 else f"{group.world} processes"
    lead("log", text=f"{size:,} parameters on {models.device().upper()}, in {processes}")
    lead("phase", name="training", step=state.step, steps=settings.steps)
    Loop(
        state,
        settings,
        objective,
        meter=Meter(settings, group),
        pace=Pace(settings.checkpoint_every, group),
        save=lambda: save_checkpoint(folder, state, work=work),
    ).run()
    lead("phase", name="saving", step=state.step, steps=settings.steps)
    write_delta(workspace / DELTA, state, request.weights[0].path, settings)
    lead("result", **state.document()["counted"], processes=group.world)


def main(workspace: Path) -> None:
    """Train, and say in a report what went wrong when something did."""
    if is_launched():
        die_with_launcher()
    group = join()
    try:
        train(workspace, Request.read(workspace), group)
    except NodeError as error:
        _fail(error.code, str(error))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _fail("disk-full", str(error))
    leave(group)


def _silent(_kind: str, **_values: object) -> None:
    """Take the place of ``report`` in processes that do not lead."""


def _fail(code: str, text: str) -> None:
    report("failure", code=code, text=text)
    sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
