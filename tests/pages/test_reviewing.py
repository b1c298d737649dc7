"""Giving a word on a proposal: who may, in which form, and what becomes of what was typed."""

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.review.models import Assignment, Verdict
from catalog.review.services import assign, review_proposal
from tests.factories import approve, make_actor, make_member, make_person
from tests.pages.conftest import House

WORD = {"member": "judges", "verdict": "approve", "accepted_for": "training"}


def word(house: House, **changes: object) -> dict[str, object]:
    return {**WORD, "revision": house.submitted.revision, **changes}


def test_a_maintainer_finds_it_says_a_word_and_sees_it(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    waiting = browser.get("/proposals/").content.decode()
    assert "Waiting for your review" in waiting
    assert "0 of 2 approvals" in waiting
    assert "Go to your review" in browser.get(page).content.decode()
    told = browser.post(f"{page}review/", word(house), follow=True).content.decode()
    assert "You have reviewed it" in told
    assert "Approves it for training" in told


def test_the_second_approval_publishes(house: House):
    approve(house.submitted, times=1)
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    browser.post(f"{page}review/", word(house, accepted_for="evaluation"))
    house.submitted.refresh_from_db()
    assert browser.get(house.submitted.dataset.get_absolute_url()).status_code == 200
    told = browser.get(page).content.decode()
    assert "It was accepted for evaluation." in told
    assert "It would help to add" not in told
    assert "Decided" in browser.get("/proposals/").content.decode()


def test_an_approval_says_for_what_and_a_block_on_what_ground(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    wide = browser.post(f"{page}review/", word(house, accepted_for=""))
    assert wide.status_code == 422
    assert "Say how far your approval goes." in wide.content.decode()
    block = browser.post(f"{page}review/", word(house, verdict="block", note="It is ours."))
    assert "Say on what ground you block it." in block.content.decode()
    assert "It is ours." in block.content.decode()
    assert not house.submitted.reviews.exists()


def test_a_block_shows_its_ground_to_everybody(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    browser.post(f"{page}review/", word(house, verdict="block", ground="privacy", note="Names of children."))
    told = house.client("researcher").get(page).content.decode()
    assert "It is blocked on the ground of privacy" in told
    assert "Names of children." in told


def test_a_refusal_needs_words_and_what_was_typed_stays(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    answer = browser.post(f"{page}review/", word(house, verdict="block", ground="rights"))
    assert answer.status_code == 422
    assert "Say what should change" in answer.content.decode()


def test_inv_7_recusal_is_explained_where_the_panel_would_be(house: House):
    browser = house.client("anonymous")
    browser.force_login(make_person(house.member, Role.MAINTAINER))
    page = house.submitted.get_absolute_url()
    shown = browser.get(page).content.decode()
    assert "You do not decide on this one" in shown
    assert "review/" not in shown
    assert browser.post(f"{page}review/", word(house, member=house.member.slug)).status_code == 403


def test_inv_7_who_steps_back_has_no_form_any_more(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    asked = browser.get(f"{page}recuse/").content.decode()
    assert "For good" in asked
    told = browser.post(f"{page}recuse/", {"reason": "I collected a part of it."}, follow=True)
    assert "You stepped back from this decision" in told.content.decode()
    assert browser.post(f"{page}review/", word(house)).status_code == 403
    assert browser.get(f"{page}recuse/").status_code == 409


def test_a_community_reviewer_can_object_and_no_more(house: House):
    person = make_person(make_member("river-people"), Role.COMMUNITY)
    browser, page = house.client("anonymous"), house.submitted.get_absolute_url()
    browser.force_login(person)
    shown = browser.get(page).content.decode()
    assert "Your objection" in shown
    assert 'name="verdict"' not in shown
    browser.post(f"{page}review/", word(house, note="Nobody asked the village."))
    said = house.submitted.reviews.get()
    assert (said.verdict, said.ground, said.capacity) == ("block", "community", "community")


def test_a_word_on_an_old_revision_is_not_taken_and_stays_in_the_form(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    answer = browser.post(f"{page}review/", word(house, revision=1, note="Read it twice."))
    told = answer.content.decode()
    assert answer.status_code == 409
    assert not house.submitted.reviews.exists()
    assert "The proposal was changed after you opened it." in told
    assert "Read it twice." in told
    assert f'name="revision" value="{house.submitted.revision}"' in told


def test_a_word_that_comes_too_late_is_shown_and_not_lost(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    other = make_actor(make_member("quicker"), Role.MAINTAINER)
    review_proposal(
        actor=other, proposal=house.submitted, verdict=Verdict.BLOCK, ground="rights", note="Not theirs."
    )
    answer = browser.post(f"{page}review/", word(house, note="A page of praise."))
    assert answer.status_code == 409
    assert "Your word came too late" in answer.content.decode()
    assert "A page of praise." in answer.content.decode()


def test_reading_is_announced_to_the_steward(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    assert "Say that you read it" in browser.get(page).content.decode()
    browser.post(f"{page}take-up/")
    house.submitted.refresh_from_db()
    assert house.submitted.state == "in_review"
    assert "Say that you read it" not in browser.get(page).content.decode()


def test_a_maintainer_asks_another_who_may_give_it_back(house: House):
    another = make_person(make_member("third"), Role.MAINTAINER)
    page = house.submitted.get_absolute_url()
    Assignment.objects.filter(reviewer=another).delete()
    asked = house.client("maintainer").post(f"{page}assign/", {"reviewer": another.pk}, follow=True)
    assert "is asked, and told so" in asked.content.decode()
    browser = house.client("anonymous")
    browser.force_login(another)
    own = Assignment.objects.get(proposal=house.submitted, reviewer=another)
    assert "Give it back" in browser.get(page).content.decode()
    browser.post(f"{page}assignments/{own.pk}/decline/", {"reason": "No time."})
    own.refresh_from_db()
    assert own.state == "declined"


def test_nobody_is_asked_twice_nor_gives_back_what_another_was_asked(house: House):
    judge, page = house.people["maintainer"], house.submitted.get_absolute_url()
    if not Assignment.objects.filter(proposal=house.submitted, reviewer=judge).exists():
        assign(actor=actor_of(judge), proposal=house.submitted, reviewer=judge)
    browser = house.client("maintainer")
    assert browser.post(f"{page}assign/", {"reviewer": judge.pk}).status_code == 422
    own = Assignment.objects.get(proposal=house.submitted, reviewer=judge)
    assert house.client("steward").get(f"{page}assignments/{own.pk}/decline/").status_code == 404
    assert house.client("steward").get(f"{page}assign/").status_code == 403


def test_a_withdrawn_entry_says_so_first(house: House):
    browser = house.client("steward")
    browser.post("/datasets/entry-open/withdraw/", {"reason": "Consent was taken back"})
    page = house.client("anonymous").get("/datasets/entry-open/").content.decode()
    assert "No. It was withdrawn" in page
    assert "/files/vi.txt" not in page
