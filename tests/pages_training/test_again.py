"""Another node computes a contribution again: who asks, who may do it, and what came out."""

import pytest

from tests.pages_training.conftest import collecting_with
from tests.training.api.signing_node import SigningNode
from training.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(loom):
    return SigningNode().node


def ask(client, loom, node):
    address = f"{loom.contribution.get_absolute_url()}again/"
    return client.post(address, {"node": getattr(node, "slug", node)}, follow=True).content.decode()


def page(client, loom):
    return client.get(loom.contribution.get_absolute_url()).content.decode()


def test_a_maintainer_chooses_among_the_nodes_that_may(loom, other, browser):
    text = page(browser("other_maintainer"), loom)
    assert f'value="{other.slug}"' in text
    assert "It made this contribution itself." in text


@pytest.mark.parametrize("reader", ["anonymous", "researcher"])
def test_the_others_are_told_who_asks(loom, other, browser, reader):
    text = page(browser(reader), loom)
    assert "Maintainers ask for it." in text
    assert f'value="{other.slug}"' not in text


def test_the_job_stands_on_the_page_and_in_the_round(loom, other, browser):
    assert "The node was asked" in ask(browser("other_maintainer"), loom, other)
    job = Job.objects.get(kind="re-execution")
    text = browser("anonymous").get(f"/rounds/{loom.round.pk}/").content.decode()
    assert "Computed again on other nodes" in text
    text = browser("anonymous").get(f"/rounds/{loom.round.pk}/jobs/{job.pk}/").content.decode()
    assert loom.contribution.get_absolute_url() in text


@pytest.mark.parametrize("node", ["", "no-such-node", "\x00"])
def test_a_node_has_to_be_named(loom, browser, node):
    assert "Say which node" in ask(browser("other_maintainer"), loom, node)


def test_a_node_that_may_not_is_refused_in_words(loom, browser):
    ask(browser("other_maintainer"), loom, loom.nodes[0].node)
    assert not Job.objects.filter(kind="re-execution").exists()


def test_nothing_about_its_bytes_is_shown_while_the_round_collects(dataset, client):
    loom = collecting_with(1)
    node, job = loom.nodes[0], loom.job
    node.contribute(job, node.contribution(job, b"delta"))
    text = page(client, loom)
    assert "until then somebody could still copy" in text
    assert "there is nothing to compare with" in text
