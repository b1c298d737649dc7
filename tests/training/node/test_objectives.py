"""Each objective against its formula written out plainly, and each lowering its own loss."""

import math

import pytest
import torch

from tests.training.node.conftest import SMALL, TRAINING
from tests.training.node.feeding import chats, file, preferences, request
from training.manifest import Reading
from training.merge import initial_weights
from training.node.errors import JobError
from training.node.learning.model import load
from training.node.learning.objectives import loss_of
from training.node.reading.batches import IGNORED, Batches
from training.node.reading.tokenizing import load_tokenizer

READINGS = {"sft": Reading.JSONL_MESSAGES, "dpo": Reading.JSONL_PREFERENCES}
COUNTS = {"cpt": 4 * 48, "distillation": 4 * 48, "dpo": 4}


@pytest.fixture
def model(tmp_path):
    """Returns models of two seeds: the one that learns, and the one that it is compared with."""

    def make(seed):
        initial_weights(SMALL, seed, tmp_path / f"{seed}.safetensors")
        made = load(SMALL.model_dump(), tmp_path / f"{seed}.safetensors")
        with torch.no_grad():  # sharper than at the start, so that two models differ by more than rounding
            for parameter in made.parameters():
                parameter.mul_(3)
        return made

    return make


def settings(objective):
    return TRAINING.model_copy(update={"objective": objective, "beta": 0.3, "temperature": 2.0})


@pytest.fixture
def batch(tmp_path):
    """Returns the first batch of an objective's own data."""

    def make(objective, *, size=4):
        rows = {"sft": chats(9), "dpo": preferences(9)}.get(objective, [f"some text {i}" for i in range(40)])
        given = file(tmp_path / objective, rows, reading=READINGS.get(objective, Reading.LINES))
        asked = request(given, objective=objective, batch_size=size, sequence_length=48)
        return next(Batches(asked, load_tokenizer(None)))

    return make


def log_probabilities(model, batch, row, temperature=1.0):
    """Yield (probabilities' logarithms, target) of each place of a row that has a target."""
    with torch.no_grad():
        logits = model(input_ids=batch["input_ids"][row : row + 1]).logits[0].double() / temperature
    for place, target in enumerate(batch["targets"][row].tolist()):
        if target != IGNORED:
            values = logits[place].tolist()
            whole = math.log(math.fsum(map(math.exp, values)))
            yield [value - whole for value in values], target


def likelihood(model, batch, row):
    return sum(logs[target] for logs, target in log_probabilities(model, batch, row))


def expected(objective, model, other, batch):
    """The sum of losses, in plain arithmetic."""
    rows = range(len(batch["targets"]))
    if objective in {"cpt", "sft"}:
        return -sum(likelihood(model, batch, row) for row in rows)
    if objective == "dpo":
        half = len(rows) // 2
        margins = [
            [likelihood(one, batch, row) - likelihood(one, batch, half + row) for row in range(half)]
            for one in (model, other)
        ]
        return sum(math.log1p(math.exp(-0.3 * (new - old))) for new, old in zip(*margins, strict=True))
    pairs = (
        pair
        for row in rows
        for pair in zip(
            log_probabilities(other, batch, row, 2.0), log_probabilities(model, batch, row, 2.0), strict=True
        )
    )
    return 4 * sum(
        math.exp(p) * (p - q) for (wanted, _), (found, _) in pairs for p, q in zip(wanted, found, strict=True)
    )


@pytest.mark.parametrize("objective", ["cpt", "sft", "dpo", "distillation"])
def test_the_loss_is_the_formula(model, batch, objective):
    learner, other, given = model(1), model(2), batch(objective)
    found, count = loss_of(settings(objective), other)(learner, given)
    targets = int((given["targets"] != IGNORED).sum())
    assert found.item() == pytest.approx(expected(objective, learner, other, given), rel=1e-4)
    assert int(count) == COUNTS.get(objective, targets)


@pytest.mark.parametrize("objective", ["cpt", "sft", "distillation"])
def test_sums_and_counts_add_up_over_any_parts_of_a_batch(model, batch, objective):
    learner, given = model(1), batch(objective)
    loss = loss_of(settings(objective), model(2))
    whole = loss(learner, given)
    parts = [loss(learner, {name: value[i : i + 1] for name, value in given.items()}) for i in range(4)]
    assert sum(part.item() for part, _ in parts) == pytest.approx(whole[0].item(), rel=1e-5)
    assert sum(int(count) for _, count in parts) == int(whole[1])


@pytest.mark.parametrize("objective", ["cpt", "sft", "dpo", "distillation"])
def test_a_row_that_only_fills_counts_for_nothing(model, batch, objective):
    learner, given = model(1), batch(objective, size=1)
    given["targets"].fill_(IGNORED)
    found, count = loss_of(settings(objective), model(2))(learner, given)
    found.backward()
    assert (found.item(), int(count)) == (0.0, 0)
    assert all(float(parameter.grad.abs().max()) == 0 for parameter in learner.parameters())


@pytest.mark.parametrize("objective", ["cpt", "sft", "dpo", "distillation"])
def test_each_objective_lowers_its_own_loss_and_leaves_the_other_model_alone(model, batch, objective):
    learner, other, given = (
        model(1),
        model(1 if objective == "dpo" else 2).requires_grad_(False),
        batch(objective),
    )
    before = [parameter.clone() for parameter in other.parameters()]
    loss = loss_of(settings(objective), other)
    optimizer = torch.optim.AdamW(learner.parameters(), lr=0.01)
    losses = []
    for _ in range(20):
        found, count = loss(learner, given)
        optimizer.zero_grad()
        (found / count).backward()
        optimizer.step()
        losses.append((found / count).item())
    assert losses[-1] < 0.7 * losses[0]
    assert all(map(torch.equal, before, other.parameters()))


def test_a_preference_begins_at_the_logarithm_of_two(model, batch):
    found, count = loss_of(settings("dpo"), model(1))(model(1), batch("dpo"))
    assert (found / count).item() == pytest.approx(math.log(2))


@pytest.mark.parametrize("objective", ["dpo", "distillation"])
def test_a_comparison_needs_something_to_compare_with(objective):
    with pytest.raises(JobError) as error:
        loss_of(settings(objective))
    assert error.value.code == "teacher-missing"


def test_a_teacher_of_another_vocabulary_is_refused(model, batch, tmp_path):
    larger = SMALL.model_copy(update={"vocab_size": 272})
    initial_weights(larger, 1, tmp_path / "large.safetensors")
    teacher = load(larger.model_dump(), tmp_path / "large.safetensors")
    with pytest.raises(JobError, match="272 tokens apart, the student 264"):
        loss_of(settings("distillation"), teacher)(model(1), batch("distillation"))
