from xml.etree import ElementTree as ET

import pytest

from catalog.tiers import Tier
from tests.factories import make_dataset

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    return make_dataset(Tier.OPEN, slug="seen"), make_dataset(Tier.PRIVATE, slug="unseen")


def test_the_feed_tells_of_public_entries_and_of_no_private_one(client, entries):
    response = client.get("/feeds/datasets.atom")
    feed = ET.fromstring(response.content)  # noqa: S314 - our own answer
    assert response["Content-Type"].startswith("application/atom+xml")
    links = [link.get("href") for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert len(links) == 1
    assert links[0].endswith("/datasets/seen/")
    assert b"unseen" not in response.content


def test_the_sitemap_names_public_pages_under_the_public_address(client, entries, settings):
    response = client.get("/sitemap.xml", headers={"host": "localhost"})
    places = [node.text for node in ET.fromstring(response.content).iter(f"{MAP}loc")]  # noqa: S314
    assert places == [f"{settings.PUBLIC_URL}/datasets/seen/"]


@pytest.mark.usefixtures("known_terms")
@pytest.mark.parametrize("path", ["/feeds/datasets.atom", "/sitemap.xml"])
def test_the_number_of_queries_does_not_grow(client, path, django_assert_max_num_queries):
    for number in range(5):
        make_dataset(Tier.OPEN, slug=f"entry-{number}")
    with django_assert_max_num_queries(3):
        assert client.get(path).status_code == 200


def test_a_bad_page_of_the_map_is_not_found(client, entries):
    assert client.get("/sitemap.xml?p=99").status_code == 404
    assert client.get("/sitemap.xml?p=x").status_code == 404
