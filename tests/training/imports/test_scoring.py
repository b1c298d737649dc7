"""Candidates are measured on the same open text by the real evaluator, and the card is signed."""

import pytest

from provenance.actors import COORDINATOR
from provenance.errors import DomainError, Invalid
from tests.factories import make_dataset
from tests.training.imports.folders import write_model
from training.families.models import Scorecard
from training.imports.criteria import Criteria, Criterion, points, read_criteria, totals
from training.imports.scoring import score_models
from training.imports.services import import_model

DECLARED = """
title = "A start for Vietnamese"
[[criteria]]
name = "vietnamese"
weight = 3
measure = "bits-per-byte"
dataset = "texts"
[[criteria]]
name = "small"
weight = 1
measure = "parameters"
"""


@pytest.fixture
def criteria(tmp_path) -> Criteria:
    path = tmp_path / "criteria.toml"
    path.write_text(DECLARED)
    return read_criteria(path)


def test_the_best_gets_all_points_and_the_others_their_share():
    less = Criterion(name="a", weight=1, measure="parameters")
    more = Criterion(name="b", weight=3, measure="positions")
    assert points(less, {"x": 10.0, "y": 40.0}) == {"x": 100.0, "y": 25.0}
    assert points(more, {"x": 512.0, "y": 2048.0}) == {"x": 25.0, "y": 100.0}
    given = {"a": {"x": 100.0, "y": 25.0}, "b": {"x": 25.0, "y": 100.0}}
    assert totals([less, more], given) == {"x": 43.75, "y": 81.25}


@pytest.mark.parametrize(
    "change",
    [
        ('title = "A', "title = 5 #"),
        ("weight = 3", "weight = 0"),
        ('measure = "parameters"', 'measure = "beauty"'),
        ('dataset = "texts"', ""),
        ('name = "small"', 'name = "vietnamese"'),
        ("[[criteria]]", "[[criteria"),
    ],
)
def test_criteria_that_do_not_say_what_is_measured_are_refused(tmp_path, change):
    path = tmp_path / "criteria.toml"
    path.write_text(DECLARED.replace(*change))
    with pytest.raises(Invalid) as refused:
        read_criteria(path)
    assert refused.value.code == "criteria-malformed"


@pytest.mark.django_db
class TestMeasured:
    def test_each_candidate_is_measured_and_the_card_is_signed_once(self, tmp_path, criteria):
        make_dataset("open", slug="texts", texts={"vi": "mọi người sinh ra đều được tự do\n".encode() * 20})
        models = [
            import_model(COORDINATOR, write_model(tmp_path / str(seed), seed), name=f"m{seed}", source="s")
            for seed in (1, 2)
        ]
        card = score_models(COORDINATOR, criteria, models)
        figures = card.results["figures"]["vietnamese"]
        assert all(2 < value < 12 for value in figures.values())
        assert len(set(figures.values())) == 2
        assert max(card.results["points"]["vietnamese"].values()) == 100
        assert score_models(COORDINATOR, criteria, models) == card
        assert Scorecard.objects.count() == 1

    @pytest.mark.parametrize("tier", ["train-only", "local-only"])
    def test_only_open_text_is_read(self, tmp_path, criteria, tier):
        make_dataset(tier, slug="texts", texts={"vi": b"mot hai ba\n"})
        model = import_model(COORDINATOR, write_model(tmp_path / "m"), name="m", source="s")
        with pytest.raises(DomainError) as refused:
            score_models(COORDINATOR, criteria, [model])
        assert refused.value.code == "dataset-unknown"
