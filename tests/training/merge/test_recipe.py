"""The address of a checkpoint covers everything that its weights are a function of (INV-5)."""

import pytest

from provenance.signing.canonical import digest
from training.merge import MergeError, checkpoint_digest, checkpoint_document, recipe

A, B, PARENT, WEIGHTS = "a" * 64, "b" * 64, "0" * 64, "f" * 64
MEAN = {"parent_digest": PARENT, "contribution_digests": [A, B], "rule": "mean", "parameters": {}}


def test_inv_5_the_order_of_arrival_does_not_change_the_address():
    turned = MEAN | {"contribution_digests": [B, A]}
    assert checkpoint_digest(recipe(**turned), WEIGHTS) == checkpoint_digest(recipe(**MEAN), WEIGHTS)


@pytest.mark.parametrize(
    "change",
    [
        {"parent_digest": None},
        {"contribution_digests": [A]},
        {"rule": "median"},
        {"parameters": {"weight": 1}},
        {"codec": "bf16"},
        {"code_version": "merge/0"},
    ],
)
def test_inv_5_every_ingredient_changes_the_address(change):
    assert checkpoint_digest(recipe(**MEAN | change), WEIGHTS) != checkpoint_digest(recipe(**MEAN), WEIGHTS)


def test_inv_5_other_weights_have_another_address():
    assert checkpoint_digest(recipe(**MEAN), A) != checkpoint_digest(recipe(**MEAN), WEIGHTS)


def test_the_address_is_the_digest_of_a_document_that_anyone_can_read():
    document = checkpoint_document(recipe(**MEAN), WEIGHTS)
    assert digest(document) == checkpoint_digest(recipe(**MEAN), WEIGHTS)
    assert document["recipe"]["contributions"] == [A, B]
    assert document["weights"] == {"sha256": WEIGHTS}


def test_one_contribution_counts_once():
    with pytest.raises(MergeError, match="duplicate-contribution"):
        recipe(**MEAN | {"contribution_digests": [A, A]})
