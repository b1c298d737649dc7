"""What must hold between the fields: INV-2 first of all."""

import copy

import pytest

from catalog.tiers import Purpose, Tier, at_least_as_strict
from training.manifest import ManifestError, parse_manifest


def codes(document):
    with pytest.raises(ManifestError) as refused:
        parse_manifest(document)
    return {problem.code for problem in refused.value.problems}


def with_tier(document, tier, *, access="local"):
    document["inputs"][0]["tier"] = document["output"]["tier"] = tier
    document["inputs"][0]["files"][0]["access"] = access
    return document


@pytest.mark.parametrize("purpose", Purpose)
def test_inv_2_a_private_dataset_never_enters_a_contributed_job_whatever_it_claims(job, purpose):
    assert "private-in-contributed" in codes(with_tier(job, "private") | {"purpose": purpose})


def test_inv_2_nor_an_evaluation_whose_results_leave_the_node(evaluation):
    assert codes(with_tier(evaluation, "private")) == {"private-in-contributed"}


@pytest.mark.parametrize("output", list(Tier))
@pytest.mark.parametrize("given", ["open", "train-only", "local-only"])
def test_inv_2_an_output_is_at_least_as_strict_as_its_inputs(job, given, output):
    with_tier(job, given)["output"]["tier"] = output
    if at_least_as_strict(output, [Tier(given)]):
        assert parse_manifest(job).output.tier is output
    else:
        assert codes(job) == {"weaker-output"}


def test_inv_1_bytes_of_local_only_data_are_never_asked_for(job):
    assert codes(with_tier(job, "local-only", access="pull")) == {"local-bytes-requested"}


def test_one_refusal_lists_every_broken_rule(job):
    job["inputs"].append(copy.deepcopy(job["inputs"][0]) | {"tier": "private"})
    job["inputs"][0]["files"] *= 2
    job["training"]["sequence_length"] = 1024
    job["expires_at"] = job["issued_at"]
    assert codes(job) == {
        "private-in-contributed",
        "local-bytes-requested",
        "weaker-output",
        "duplicate-input",
        "duplicate-path",
        "sequence-too-long",
        "bad-lifetime",
    }


def test_a_purpose_other_than_the_job_is_refused(job):
    assert codes(job | {"purpose": "evaluation"}) == {"purpose-mismatch"}


def test_only_evaluations_have_candidates(job, evaluation):
    assert codes(job | {"candidates": evaluation["candidates"]}) == {"job-incomplete"}
    assert codes(evaluation | {"candidates": []}) == {"job-incomplete"}


def test_a_job_needs_a_file_that_it_can_use(job, evaluation):
    job["inputs"][0]["files"][0]["part"] = "held-out"
    assert codes(job) == {"job-incomplete"}
    assert parse_manifest(evaluation | {"inputs": job["inputs"]})


def test_a_manifest_for_ever_is_refused(job):
    assert codes(job | {"expires_at": "2027-09-01T00:00:00Z"}) == {"bad-lifetime"}
