"""The page of a round lives while the round runs, and is quiet afterwards."""

import pytest

from tests.stack.site.places import MAINTAINER
from tests.stack.site.test_site_pages import in_every_look

pytestmark = pytest.mark.endurance

ROUND_SECONDS = 240
STEPS = 150  # long enough for the pages to open while the nodes train


def test_it_follows_the_round_by_itself_and_then_stops_asking(visit, site):
    number = site.play_round(steps=STEPS)
    identity = site.rows("SELECT id FROM training_round WHERE number = %s", number)[0][0]
    page, home, polls = visit(f"/rounds/{identity}/"), visit("/"), []
    page.on("request", lambda request: polls.append(request.url) if request.url.endswith("/live/") else None)
    page.get_by_text("nodes train now").first.wait_for(timeout=ROUND_SECONDS * 1000)
    home.locator(f"main a[href='/rounds/{identity}/']").first.wait_for(timeout=10_000)
    assert list(in_every_look(visit(f"/rounds/{identity}/", MAINTAINER, bypass_csp=True))) == []
    page.locator("#round-now").get_by_text("Closed").wait_for(timeout=ROUND_SECONDS * 1000)
    page.wait_for_timeout(1000)
    asked = len(polls)
    page.wait_for_timeout(5000)
    assert len(polls) == asked > 2


def test_the_new_base_is_reached_from_the_round(visit, site):
    site.no_round_runs()
    query = "SELECT id, number FROM training_round WHERE state = 'closed' ORDER BY id DESC LIMIT 1"
    identity, number = site.rows(query)[0]
    page = visit(f"/rounds/{identity}/")
    page.locator("#round-now a[href^='/checkpoints/'] >> nth=1").click()
    assert page.locator("h1").inner_text() == f"Base {number}"
    assert page.get_by_role("heading", name="Is it better?").is_visible()
