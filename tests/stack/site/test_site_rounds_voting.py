"""A round as people meet it: opened in the form, paused by a member, going on by a vote on who is missing."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stack.site.keyboard import Keyboard
from tests.stack.site.places import MAINTAINER, MOVER, OWN_MAINTAINER, SECOND_MAINTAINER

pytestmark = pytest.mark.endurance

ROUND_SECONDS = 240_000  # milliseconds
SOON = 60_000
SUBMIT = "main form button[type=submit]"
PAUSED = "The node's member has paused the job, and can let it go on."
CAUSE = "The rains took the power of the whole street."


@pytest.fixture
def window(visit):
    """A function that opens an address as a person, in a window that stays open for the whole journey."""
    windows: dict[str, Page] = {}

    def opened(reader: str, path: str) -> Page:
        if reader in windows:
            windows[reader].goto(path)
        else:
            windows[reader] = visit(path, reader)
        return windows[reader]

    return opened


@pytest.fixture
def played(site):
    """Whatever happens, the round that a journey has opened is decided and closed at its end."""
    site.no_round_runs()
    yield
    if site.rows("SELECT FROM training_round WHERE state <> 'closed'"):  # played without one, it opens one
        site.decide()
        site.no_round_runs()


def card(page: Page, node: str) -> Locator:
    """What the round's page says of one node."""
    return page.locator("#round-live article.card").filter(has_text=node).first


def steer(page: Page, verb: str, *, cause: str = "") -> None:
    """Press what leads from a job's page to ``verb``, and confirm it there."""
    keys = Keyboard(page)
    keys.press(f"main a[href$='/{verb}/']")
    if cause:
        keys.write("cause", cause)
    keys.press(SUBMIT)


def vote(page: Page, note: str) -> None:
    """Vote to go on, from the round's page."""
    keys = Keyboard(page)
    keys.press("main a[href$='/vote/']")
    keys.choose("choice", "go-on")
    keys.write("note", note)
    keys.press(SUBMIT)
    assert page.get_by_text("Your member’s word is in the log.").is_visible()


def path_of_job(page: Page, node: str) -> str:
    return str(card(page, node).get_by_role("link", name=f"Job {node}").get_attribute("href"))


def test_a_round_from_the_form_is_watched_while_a_member_pauses_its_job(window, site, played):
    page = window(MAINTAINER, "/rounds/new/")
    keys = Keyboard(page)
    keys.write("steps", "150")
    keys.choose("codec", "int8-block")
    keys.press(SUBMIT)
    assert page.get_by_text("trained in fp32, sent in int8-block").is_visible()
    expect(page.locator("#waiting")).to_contain_text("andes-cusco is in", timeout=SOON)
    member = window(OWN_MAINTAINER, path_of_job(page, "Andes node, Cusco"))
    steer(member, "pause", cause=CAUSE)
    assert member.get_by_text("The job is paused.").is_visible()
    assert member.get_by_text(CAUSE).first.is_visible()
    expect(card(page, "Andes node, Cusco")).to_contain_text(PAUSED, timeout=SOON)
    expect(page.locator("#waiting")).to_contain_text(
        "andes-cusco has been paused by its member", timeout=SOON
    )
    steer(member, "resume")
    assert member.get_by_text("The job goes on.").is_visible()
    expect(card(page, "Andes node, Cusco")).to_contain_text("attempt 2", timeout=SOON)
    the_thread_moves(card(page, "Andes node, Cusco"))
    the_update_comes_in_eight_bits(card(page, "Andes node, Cusco"), window)


def the_thread_moves(thread: Locator) -> None:
    steps = thread.locator(".progress-text .number")
    steps.wait_for(timeout=SOON)
    before = steps.inner_text()
    assert before.endswith(" of 150")
    expect(steps).not_to_have_text(before, timeout=SOON)


def the_update_comes_in_eight_bits(thread: Locator, window) -> None:
    update = thread.get_by_role("link", name="Contribution")
    update.wait_for(timeout=ROUND_SECONDS)
    job = window(OWN_MAINTAINER, str(thread.get_by_role("link", name="Job Andes").get_attribute("href")))
    assert job.get_by_text("written as int8-block").is_visible()


def test_the_members_vote_to_go_on_without_a_paused_node(window, site, played):
    number = site.act("open_a_round", 60, 25)
    [(identity,)] = site.rows("SELECT id FROM training_round WHERE number = %s", number)
    path = f"/rounds/{identity}/"
    page = window(MAINTAINER, path)
    card(page, "Andes node, Cusco").wait_for(timeout=SOON)
    member = window(OWN_MAINTAINER, path_of_job(page, "Andes node, Cusco"))
    steer(member, "pause", cause=CAUSE)
    ballot = page.get_by_role("region", name="Go on without them?")
    ballot.wait_for(timeout=ROUND_SECONDS)
    expect(ballot.get_by_role("row")).to_have_count(2)
    assert PAUSED in ballot.get_by_role("row").last.inner_text()
    own = window(OWN_MAINTAINER, path)
    assert own.get_by_text("A node of your member is missing: the others decide.").is_visible()
    vote(page, "It will be back in the next round.")
    vote(window(SECOND_MAINTAINER, path), "Two days are enough.")
    expect(page.get_by_role("region", name="Go on without them?")).to_have_count(0, timeout=SOON)
    expect(card(page, "Andes node, Cusco")).to_contain_text("left out by vote", timeout=SOON)
    what_happened = page.locator("ol.timeline li").filter(has_text="A node was left out")
    assert "has been paused by its member" in what_happened.inner_text()
    nobody_else_may_compute_it_again(page, window)
    site.decide()
    expect(page.locator("#round-now")).to_contain_text("one contribution became", timeout=ROUND_SECONDS)
    assert site.round_state(number) == "closed"


def nobody_else_may_compute_it_again(page: Page, window) -> None:
    """Data of one member are among the inputs: whoever asks reads which node may not, and why."""
    expect(page.locator("#round-now")).to_contain_text("waits for the word", timeout=ROUND_SECONDS)
    update = card(page, "Mekong node, Hà Nội").get_by_role("link", name="Contribution")
    asked = window(MOVER, str(update.get_attribute("href")))
    again = asked.get_by_role("region", name="Computed again")
    assert again.get_by_text("No node may compute it again.").is_visible()
    again.get_by_text("Nodes that may not, and why").click()
    assert again.get_by_text("Data among the inputs never leave the nodes of their owner.").is_visible()
