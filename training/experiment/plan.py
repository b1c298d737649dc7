"""What the experiment does, as data: sizes, settings, and the arms that are compared."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from training.manifest import HeldOut, Training
from training.merge import DEMONSTRATION, ArchitectureConfig

DILOCO: Final[Mapping[str, Any]] = {"name": "nesterov", "rate": "7/10", "momentum": "9/10"}
"""The outer optimizer and its settings of Douillard et al. 2023 (arXiv:2311.08105, section 3)."""

HELD_OUT: Final = HeldOut(every=5)
"""A fifth: the texts are short."""

Kind = Literal["before", "pooled", "alone", "rounds"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of training that is compared with the others; all but ``before`` see as many tokens.

    Attributes:
        period: local steps between two merges (H).
        server: the outer optimizer, as a recipe names it; None adds the mean to the base.
    """

    name: str
    kind: Kind
    period: int
    server: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """The part with hostile members: ``rounds`` honest rounds of ``period`` steps, then the judged one.

    Attributes:
        guests: languages of the members beside the four. The last ones of them are those who turn hostile.
        counts: how many are hostile, one experiment each.
    """

    guests: tuple[str, ...] = ("es", "id", "hu")
    rounds: int = 1
    period: int = 100
    counts: tuple[int, ...] = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the figures depend on, beside the seeds and the texts.

    Attributes:
        languages: of the four nodes, one each. steps: of each node, over all its rounds.
        open_languages, start_steps: what the base that everybody begins with was trained on, and how long,
            before anything is compared: contributed training continues, it does not begin.
        warmup: share of a round's steps in which its learning rate rises.
    """

    architecture: ArchitectureConfig = DEMONSTRATION
    languages: tuple[str, ...] = ("vi", "fr", "sw", "uk")
    open_languages: tuple[str, ...] = ("en", "de", "ru", "yo")
    start_steps: int = 500
    steps: int = 500
    periods: tuple[int, ...] = (20, 100, 500)
    batch_size: int = 4
    sequence_length: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.1
    held_out: HeldOut = HELD_OUT
    hostile: Hostile = Hostile()

    @property
    def all_languages(self) -> tuple[str, ...]:
        """Every language that anything is trained on."""
        return (*self.members, *self.open_languages)

    @property
    def members(self) -> tuple[str, ...]:
        """The languages of everybody in the hostile part, those who turn hostile last."""
        return (*self.languages, *self.hostile.guests)

    def arms(self) -> Iterator[Arm]:
        """Give all arms: the yardsticks, then from one round to many.

        The trainings of one round are those of nodes alone, and follow at once: a node does them once.
        """
        yield Arm("before", "before", 0)
        yield Arm("pooled", "pooled", self.steps)
        yield Arm("alone", "alone", self.steps)
        for period in reversed(self.periods):
            yield Arm(f"mean-{period}", "rounds", period)
            yield Arm(f"diloco-{period}", "rounds", period, DILOCO)

    def training(self, steps: int, *, seed: int, accumulation: int = 1) -> Training:
        """Return the settings of one round: the node's own schedule, rise and cosine to zero, within it.

        The rise is a share of the steps, so that the mean rate is the same however short a round is.
        """
        return Training(
            steps=steps,
            batch_size=self.batch_size,
            sequence_length=self.sequence_length,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            warmup_steps=round(self.warmup * steps),
            accumulation=accumulation,
            seed=seed,
            hooks=(),
        )

    def document(self) -> dict[str, Any]:
        """Return the plan as JSON values."""
        models = {
            "architecture": self.architecture.model_dump(mode="json"),
            "held_out": self.held_out.model_dump(mode="json"),
        }
        document: dict[str, Any] = json.loads(json.dumps(asdict(self) | models))
        return document

    def digest(self) -> str:
        """Return the sha256 of the plan: figures of one are never mixed with those of another."""
        return hashlib.sha256(json.dumps(self.document(), sort_keys=True).encode()).hexdigest()


FULL: Final = Plan()
QUICK: Final = Plan(
    architecture=ArchitectureConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        vocab_size=264,
        max_position_embeddings=64,
    ),
    start_steps=4,
    steps=8,
    periods=(4, 8),
    batch_size=2,
    sequence_length=32,
    held_out=HeldOut(every=20),
    hostile=Hostile(rounds=1, period=4, counts=(2,)),
)
"""Seconds instead of minutes: whether everything runs, not what it says."""
