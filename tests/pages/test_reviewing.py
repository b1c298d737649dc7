from catalog.members.models import Role
from tests.factories import approve, make_person
from tests.pages.conftest import House

WORD = {"member": "judges", "verdict": "approve"}


def test_a_maintainer_finds_it_says_a_word_and_sees_it(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    waiting = browser.get("/proposals/").content.decode()
    assert "Waiting for your review" in waiting
    assert "0 of 2 approvals" in waiting
    assert "Go to your review" in browser.get(page).content.decode()
    answer = browser.post(f"{page}review/", {**WORD, "revision": house.submitted.revision}, follow=True)
    assert "You have reviewed it" in answer.content.decode()


def test_the_second_approval_publishes(house: House):
    approve(house.submitted, times=1)
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    browser.post(f"{page}review/", {**WORD, "revision": house.submitted.revision})
    house.submitted.refresh_from_db()
    assert browser.get(house.submitted.dataset.get_absolute_url()).status_code == 200
    assert "It would help to add" not in browser.get(page).content.decode()
    assert "Decided" in browser.get("/proposals/").content.decode()


def test_a_refusal_needs_words_and_what_was_typed_stays(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    word = {**WORD, "verdict": "block", "revision": house.submitted.revision}
    answer = browser.post(f"{page}review/", word)
    assert answer.status_code == 422
    assert "Say what should change" in answer.content.decode()


def test_inv_7_recusal_is_explained_where_the_panel_would_be(house: House):
    browser = house.client("anonymous")
    browser.force_login(make_person(house.member, Role.MAINTAINER))
    page = house.submitted.get_absolute_url()
    shown = browser.get(page).content.decode()
    assert "You do not decide on this one" in shown
    assert "review/" not in shown
    word = {"member": house.member.slug, "verdict": "approve", "revision": 2}
    assert browser.post(f"{page}review/", word).status_code in {403, 422}


def test_a_word_on_an_old_revision_is_not_taken(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    assert browser.post(f"{page}review/", {**WORD, "revision": 1}).status_code == 409
    assert not house.submitted.reviews.exists()


def test_a_withdrawn_entry_says_so_first(house: House):
    browser = house.client("steward")
    browser.post("/datasets/entry-open/withdraw/", {"reason": "Consent was taken back"})
    page = house.client("anonymous").get("/datasets/entry-open/").content.decode()
    assert "No. It was withdrawn" in page
    assert "/files/vi.txt" not in page
