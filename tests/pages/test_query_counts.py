"""A page costs the same number of queries however much stands on it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.search import get_index
from catalog.search.reindex import reindex
from tests.factories import make_dataset, make_submitted
from tests.pages.conftest import House

pytestmark = pytest.mark.usefixtures("known_terms")
MOST = {"/": 20, "/datasets/": 8, "/members/": 6, "/members/archive/": 10, "/log/": 9, "/proposals/": 9}


def queries(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


@pytest.fixture
def counts(house: House):
    """Counts with few rows and with a dozen more of each; what happened last is of one kind."""

    def add(number: int) -> None:
        make_dataset(member=house.member, slug=f"more-{number}")
        make_submitted(member=house.member)

    browser = house.client("maintainer")
    add(0)
    few = {path: queries(browser, path) for path in MOST}
    for number in range(1, 13):
        add(number)
    reindex(get_index())
    return few, {path: queries(browser, path) for path in MOST}


def test_lists_cost_the_same_for_few_and_many(counts):
    few, many = counts
    assert few == many


def test_no_list_costs_more_than_it_should(counts):
    assert {path: count for path, count in counts[0].items() if count > MOST[path]} == {}


def test_an_entry_costs_the_same_however_many_files_it_has(house: House):
    texts = {tag: f"{tag}\n".encode() for tag in ("en", "fr", "sw", "ar", "ja", "ru")}
    wide = make_dataset(member=house.member, slug="wide", texts=texts)
    browser = house.client("researcher")
    narrow = house.entries["open"].get_absolute_url()
    assert queries(browser, narrow) == queries(browser, wide.get_absolute_url()) <= 21
