"""Each page for each reader: it answers, names nothing hidden, and holds no inline script or style."""

import re

import pytest

from tests.pages_training.conftest import READERS

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def addresses(loom):
    return [
        "/rounds/",
        "/rounds/current/",
        loom.round.get_absolute_url(),
        f"{loom.round.get_absolute_url()}live/",
        f"{loom.round.get_absolute_url()}jobs/{loom.job.pk}/",
        loom.contribution.get_absolute_url(),
        "/checkpoints/",
        loom.round.base.get_absolute_url(),
        loom.round.result.get_absolute_url() if loom.round.result else "/checkpoints/?page=1",
        "/nodes/",
        f"/members/{loom.nodes[0].node.member.slug}/nodes/",
    ]


@pytest.mark.parametrize("reader", READERS)
def test_every_page_answers_every_reader(closed, hidden, browser, reader):
    client = browser(reader)
    for address in addresses(closed):
        response = client.get(address)
        text = response.content.decode()
        assert response.status_code == 200, address
        assert not INLINE.search(text), address
        assert "Sealed chronicle" not in text, address
        assert hidden.digest not in text, address


def test_what_a_reader_may_discover_is_named(loom, browser):
    for address in (loom.contribution.get_absolute_url(), f"/rounds/{loom.round.pk}/jobs/{loom.job.pk}/"):
        assert "Songs of the delta" in browser("anonymous").get(address).content.decode()


def test_inv_6_a_hidden_input_changes_no_byte_of_the_page(loom, browser, request):
    address = loom.contribution.get_absolute_url()
    before = browser("anonymous").get(address).content
    request.getfixturevalue("hidden")
    assert browser("anonymous").get(address).content == before


@pytest.mark.parametrize(
    "address",
    [
        "/rounds/0/",
        f"/rounds/{'9' * 40}/",
        "/rounds/x/",
        f"/rounds/{'9' * 40}/live/",
        "/rounds/1/jobs/nothing/",
        "/rounds/1/jobs/00000000-0000-0000-0000-000000000000/",
        f"/contributions/{'0' * 64}/",
        f"/contributions/{'g' * 64}/",
        "/contributions/%00/",
        f"/checkpoints/{'0' * 64}/",
        f"/checkpoints/{'0' * 63}/",
        "/members/no-such-member/nodes/",
        "/nodes/no-such-node/approve/",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code in (404, 405, 302)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", f"page={'9' * 5000}", "page=%00", "depth=999"]
)
def test_a_strange_query_string_is_taken_calmly(closed, client, query):
    for address in ("/rounds/", "/checkpoints/", "/nodes/", closed.round.result.get_absolute_url()):
        assert client.get(f"{address}?{query}").status_code == 200


def test_an_empty_catalog_teaches_the_next_step(client):
    assert "A round begins when a maintainer opens one" in client.get("/rounds/").content.decode()
    assert "tapestry-node enrol" in client.get("/nodes/").content.decode()
    assert "begins with base 0" in client.get("/checkpoints/").content.decode()
    assert client.get("/rounds/current/").content == b""
