import pytest
from django.test import Client

from catalog.cards.completeness import completeness_of
from catalog.cards.needs import NEEDS
from catalog.datasets.record import DatasetRecord
from catalog.members.models import Role
from catalog.tiers import Stage, Tier
from tests.factories import complete_record, make_dataset, make_person


def judged(tier=Tier.OPEN, **changes):
    return completeness_of(complete_record(tier, **changes), has_files=True, has_facts=False)


def stage_of(found, stage):
    return next(each for each in found.stages if each.stage is stage)


def test_every_need_names_a_field_of_the_record():
    fields = set(DatasetRecord.model_fields) | {"files", "facts"}
    assert {need.path.partition(".")[0] for need in NEEDS} <= fields


def test_each_stage_has_needs_and_each_need_a_stage():
    assert all(need.stages for need in NEEDS)
    assert set().union(*(need.stages for need in NEEDS)) == set(Stage)


def test_an_empty_draft_scores_nothing_and_never_fails():
    found = completeness_of({}, has_files=False, has_facts=False)
    assert found.score == 0
    assert not any(stage.ready for stage in found.stages)


def test_an_unknown_licence_is_a_missing_one():
    gaps = {gap.path: gap.stops for gap in stage_of(judged(licence="unknown"), Stage.CPT).gaps}
    assert gaps["licence"] is True


def test_evaluation_waits_for_contamination_and_training_does_not():
    found = judged()
    assert stage_of(found, Stage.CPT).ready
    assert [gap.path for gap in stage_of(found, Stage.EVALUATION).gaps if gap.stops] == [
        "quality.contamination"
    ]


def test_a_refusal_of_training_outweighs_the_permitted_stages():
    refused = {"commercial_use": True, "model_training": False, "redistribution": True, "attribution": True}
    assert not stage_of(judged(rights=refused), Stage.CPT).permitted


def test_residency_is_asked_of_data_that_are_not_open():
    open_gaps, bound_gaps = (
        {gap.path for gap in stage_of(judged(tier, residency=None), Stage.CPT).gaps}
        for tier in (Tier.OPEN, Tier.LOCAL_ONLY)
    )
    assert "residency.boundary" in bound_gaps - open_gaps


def test_an_answer_never_lowers_the_score():
    assert judged(quality={"known_bias": "Formal language."}).score >= judged().score


@pytest.mark.django_db
def test_who_may_not_read_the_details_is_told_no_score():
    dataset = make_dataset(Tier.TRAIN_ONLY)
    path = f"/api/v1/datasets/{dataset.slug}/completeness/"
    assert Client().get(path).json() == {"score": None, "stages": []}
    inside = Client()
    inside.force_login(make_person("elsewhere", Role.RESEARCHER))
    assert 0 < inside.get(path).json()["score"] < 100
