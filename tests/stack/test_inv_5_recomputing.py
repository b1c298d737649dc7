"""INV-5 on the running program: anybody with the bytes computes the same base again."""

import pytest

from tests.stack.recomputing import merge_again
from training.merge import ArchitectureConfig, initial_weights, recipe

pytestmark = pytest.mark.stack


@pytest.fixture
def first(running):
    """The first merged base: (digest, weights' sha256, recipe, parent's weights, parent's recipe)."""
    running.closes(1)
    [row] = running.rows(
        "SELECT base.digest, base.weights_sha256, base.recipe, parent.weights_sha256, parent.recipe"
        " FROM training_checkpoint base JOIN training_checkpoint parent ON parent.id = base.parent_id"
        " WHERE base.number = 1 AND base.standing = 'base'"
    )
    return row


def test_inv_5_merging_the_stored_bytes_again_gives_the_recorded_base(running, first, tmp_path):
    digest, sha256, *_ = first
    assert merge_again(running, digest, tmp_path) == [sha256, digest]


def test_inv_5_the_recipe_holds_the_contributions_that_were_merged_and_nothing_else(running, first):
    _, _, recorded, _, _ = first
    [(parent,)] = running.rows("SELECT digest FROM training_checkpoint WHERE number = 0")
    merged = running.rows(
        "SELECT contribution.digest FROM training_contribution contribution"
        " JOIN training_job job ON job.id = contribution.job_id"
        " JOIN training_round round ON round.id = job.round_id"
        " WHERE round.number = 1 AND contribution.state = 'merged'"
    )
    digests = [digest for (digest,) in merged]
    made = recipe(parent_digest=parent, contribution_digests=digests, rule="mean", parameters={})
    assert made == recorded


def test_inv_5_base_0_is_made_from_its_seed_alone(first, tmp_path):
    _, _, _, weights, recorded = first
    settings = recorded["parameters"]
    architecture = ArchitectureConfig(**settings["architecture"])
    assert initial_weights(architecture, settings["seed"], tmp_path / "again").sha256 == weights
