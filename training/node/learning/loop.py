"""The training itself: steps until all are done, told and saved on the way."""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

from training.node.errors import JobError
from training.node.learning.optimizing import learning_rate, shorten
from training.node.parenthood import parent_is_gone

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from training.manifest import Training
    from training.node.learning.measuring import Meter
    from training.node.learning.objectives import Objective
    from training.node.learning.sharding import Group
    from training.node.learning.state import State

LOSS, COUNT, TOKENS = range(3)
PAUSE: Final = 60.0
"""Seconds between two checkpoints where the manifest leaves it to the node."""
PATIENCE: Final = 20
"""How many times longer than a checkpoint took to write the next one waits: at most 5 % of the time."""


class Pace:
    """When the node's own checkpoints are due: by steps as the manifest says, or by the leader's clock."""

    def __init__(self, every: int, group: Group, *, pause: float = PAUSE) -> None:
        self._every, self._group, self._pause = every, group, pause
        self._mark, self._took = time.monotonic(), 0.0

    def is_due(self, step: int) -> bool:
        """Whether to save after this step; all processes get the same answer."""
        if self._every:
            return step % self._every == 0
        due = time.monotonic() - self._mark >= max(self._pause, PATIENCE * self._took)
        return bool(self._group.gather(due)[0])

    def spend(self, save: Callable[[], None]) -> None:
        """Save, and note how long it took."""
        started = time.monotonic()
        save()
        self._mark = time.monotonic()
        self._took = self._mark - started


class Loop:
    """Trains a state to the end of its steps; ``save`` is called when ``pace`` says so."""

    def __init__(
        self,
        state: State,
        settings: Training,
        objective: Objective,
        *,
        meter: Meter,
        pace: Pace,
        save: Callable[[], None],
    ) -> None:
        import torch

        self.state, self.settings, self.objective = state, settings, objective
        self._meter, self._pace, self._save = meter, pace, save
        self._before = (state.tokens, state.seconds, state.joules)
        self._parent = os.getppid()
        self._trained = [parameter for _, parameter in state.trained()]
        self._device = self._trained[0].device
        self._tokens = torch.zeros((), dtype=torch.float64, device=self._device)

    def run(self) -> None:
        """Do the steps that are left; raises what ``advance`` raises."""
        self.state.model.train()
        while self.state.step < self.settings.steps:
            self.advance()

    def advance(self) -> None:
        """Do one step, tell of it and save when that is due.

        Raises:
            JobError: ``training-diverged`` when the loss is not a number any more.
        """
        totals, norm = self.step()
        step = self.state.step
        ends = step == self.settings.steps
        saves = not ends and self._pace.is_due(step)
        if ends or saves or self._meter.is_due(step):
            self._read(totals, norm)
        if saves:
            self._pace.spend(self._save)
        if parent_is_gone(self._parent):
            sys.exit("the node that started this training has ended")

    def step(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Do one step; return (sum of losses, targets, tokens) over all processes, and the gradient's norm.

        Nothing here waits for the accelerator: it computes while the next batch is made.
        """
        import torch

        state = self.state
        totals = torch.zeros(3, dtype=torch.float64, device=self._device)
        for _ in range(self.settings.accumulation):
            batch = self._move(next(state.batches))
            with self._precision():
                loss, count = self.objective(state.model, batch)
            loss.backward()
            totals[LOSS] += loss.detach()
            totals[COUNT] += count
            totals[TOKENS] += batch["input_ids"].numel()
        state.group.sum(totals)
        rate = learning_rate(self.settings, state.step)
        for group in state.optimizer.param_groups:
            group["lr"] = rate
        norm = shorten(self._trained, count=totals[COUNT], group=state.group)
        state.optimizer.step()
        state.optimizer.zero_grad()
        state.step += 1
        self._tokens += totals[TOKENS]
        return totals, norm

    def _read(self, totals: torch.Tensor, norm: torch.Tensor) -> None:
        state = self.state
        loss = float(totals[LOSS] / totals[COUNT].clamp(min=1))
        if not math.isfinite(loss):
            raise JobError("training-diverged", f"the loss of step {state.step} is {loss}")
        state.last_loss = loss
        if state.step == 1:
            state.first_loss = loss
        tokens, (all_tokens, seconds, joules) = int(self._tokens), self._before
        state.tokens, state.seconds = all_tokens + tokens, seconds + self._meter.seconds
        if (now := self._meter.joules()) is not None:
            state.joules = (joules or 0.0) + now
        self._meter.tell(state.step, loss=loss, tokens=tokens, norm=norm)

    def _move(self, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        if self._device.type == "cpu":
            return batch
        return {name: part.pin_memory().to(self._device, non_blocking=True) for name, part in batch.items()}

    def _precision(self) -> AbstractContextManager[Any]:
        import torch

        if self.settings.dtype == "fp32":
            return nullcontext()
        lower: AbstractContextManager[Any] = torch.autocast(self._device.type, dtype=torch.bfloat16)
        return lower
