"""A plan that no manifest could carry is refused before a round opens on it."""

import pytest
from pydantic import ValidationError

from training.rounds.plan import TrainingPlan


def test_a_warm_up_longer_than_the_training_is_refused():
    with pytest.raises(ValidationError, match="warmup_steps exceed steps"):
        TrainingPlan(steps=5)


def test_a_warm_up_may_last_the_whole_training():
    assert TrainingPlan(steps=5, warmup_steps=5).warmup_steps == 5
