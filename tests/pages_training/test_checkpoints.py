"""A base: its figures in words, the datasets it traces to, and how to compute it again."""

import pytest

from tests.factories import make_actor
from training.checkpoints.models import Evaluation
from training.pages.checkpoints.ancestry import ancestry_of
from training.pages.checkpoints.evaluations import compare_with_parent

pytestmark = pytest.mark.django_db


def measure(loom, version, before, after, language="fr"):
    job = loom.nodes[0].job(loom.round, "evaluation")
    for base, bits in ((loom.round.base, before), (loom.round.result, after)):
        Evaluation.objects.create(
            checkpoint=base, job=job, version=version, language=language, bits_per_byte=bits, bytes=100
        )


def test_the_page_says_how_many_languages_improved(closed, dataset, client):
    measure(closed, dataset.newest, 8.0, 5.0)
    text = client.get(closed.round.result.get_absolute_url()).content.decode()
    assert "1 of 2 languages improved" in text
    assert "-3.00" in text or "−3.00" in text


def test_means_are_weighted_by_bytes_and_most_improved_comes_first(closed, dataset):
    measure(closed, dataset.newest, 8.0, 5.0)
    rows = compare_with_parent(closed.round.result, make_actor()).rows
    assert [(row.language, row.before, row.after) for row in rows] == [("fr", 8.0, 5.0), ("vi", 2.5, 2.5)]
    assert [row.improved for row in rows] == [True, False]


def test_inv_6_figures_of_a_hidden_dataset_are_not_counted(closed, hidden):
    measure(closed, hidden, 8.0, 1.0, "ay")
    assert "ay" not in {row.language for row in compare_with_parent(closed.round.result, make_actor()).rows}
    owner = make_actor("secret-keepers")
    assert "ay" in {row.language for row in compare_with_parent(closed.round.result, owner).rows}


def test_a_base_names_the_datasets_it_traces_to(closed, dataset, client):
    text = client.get(closed.round.result.get_absolute_url()).content.decode()
    assert "Songs of the delta" in text
    assert closed.contribution.get_absolute_url() in text
    assert f"/checkpoints/{closed.round.result.digest}.jsonld" in text


def test_the_drawing_ends_at_its_depth_and_the_list_of_datasets_does_not(closed, dataset):
    near = ancestry_of(closed.round.result.digest, make_actor(), depth=1)
    assert dataset.newest in near.versions
    assert {str(node.kind) for node in near.nodes} == {"checkpoint", "contribution"}


def test_the_first_base_holds_no_data(closed, client):
    text = client.get(closed.round.base.get_absolute_url()).content.decode()
    assert "no data are in it" in text
    assert "Songs of the delta" not in text


def test_the_weights_are_offered_to_the_consortium_alone(closed, browser):
    address = closed.round.result.get_absolute_url()
    offer = f"/api/v1/checkpoints/{closed.round.result.digest}/weights"
    assert offer in browser("researcher").get(address).content.decode()
    assert offer not in browser("anonymous").get(address).content.decode()


def test_a_base_says_by_which_rule_it_was_merged_and_how_much_of_each_contribution_is_in_it(closed, client):
    text = client.get(closed.round.result.get_absolute_url()).content.decode()
    assert "What is in this base" in text
    assert "arXiv:1602.05629" in text
    assert f"tapestry-node verify base {closed.round.result.digest}" in text
