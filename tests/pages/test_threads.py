"""Talking about single answers of a proposal, on its page."""

import pytest

from catalog.members.actors import actor_of
from catalog.pages.review.fields import label_of_field
from catalog.review.models import Thread, Verdict
from catalog.review.services import open_thread, reply, review_proposal
from tests.factories import make_dataset
from tests.pages.conftest import House
from tests.pages.test_query_counts import queries

pytestmark = pytest.mark.usefixtures("known_terms")
MOST = 40  # queries of a proposal's page
QUESTION = {"field": "rights.model_training", "text": "Who said so?", "requested": "on"}


@pytest.fixture
def asked(house: House) -> Thread:
    judge = actor_of(house.people["maintainer"])
    return open_thread(
        actor=judge, proposal=house.submitted, field="licence", text="Under <which> one?", requested=True
    )


def sent_back(house: House) -> None:
    judge = actor_of(house.people["maintainer"])
    review_proposal(
        actor=judge, proposal=house.submitted, verdict=Verdict.REQUEST_CHANGES, note="See the talk."
    )
    house.submitted.refresh_from_db()


def test_a_question_stands_at_the_answer_that_it_is_about(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    assert f"{page}threads/new/?field=rights.model_training" in browser.get(page).content.decode()
    form = browser.get(f"{page}threads/new/?field=rights.model_training").content.decode()
    assert "Ask about: Training of models" in form
    answer = browser.post(f"{page}threads/new/", QUESTION)
    thread = Thread.objects.get()
    assert answer["Location"] == f"{page}#thread-{thread.pk}"
    row = browser.get(page).content.decode().partition('id="answer-rights.model_training"')[2]
    assert "Who said so?" in row.partition("</dd>")[0]
    assert "has to be settled" in row


def test_a_question_without_words_is_refused_and_keeps_its_place(house: House):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    answer = browser.post(f"{page}threads/new/", {**QUESTION, "text": " "})
    assert answer.status_code == 422
    assert "Ask about: Training of models" in answer.content.decode()
    assert not Thread.objects.exists()


def test_replying_settling_and_opening_again(house: House, asked: Thread):
    steward, judge = house.client("steward"), house.client("maintainer")
    address = f"{house.submitted.get_absolute_url()}threads/{asked.pk}/"
    steward.post(address, {"do": "settle", "text": "CC BY, as its page says."})
    told = judge.get(address).content.decode()
    assert "CC BY, as its page says." in told
    assert "Settled by" in told
    judge.post(address, {"do": "reopen"})
    asked.refresh_from_db()
    assert asked.resolved_at is None
    assert judge.post(address, {"do": "reply", "text": ""}).status_code == 422
    assert judge.post(address, {"do": "dance"}).status_code == 422


def test_what_people_write_is_shown_and_never_acts(house: House, asked: Thread):
    page = house.client("researcher").get(house.submitted.get_absolute_url()).content.decode()
    assert "Under &lt;which&gt; one?" in page


def test_other_members_read_along_without_a_form(house: House, asked: Thread):
    browser, page = house.client("researcher"), house.submitted.get_absolute_url()
    told = browser.get(page).content.decode()
    assert "Your reply" not in told
    assert "threads/new/" not in told
    assert browser.get(f"{page}threads/new/").status_code == 403
    assert browser.post(f"{page}threads/{asked.pk}/", {"do": "resolve"}).status_code == 403


def test_a_steward_finds_each_question_with_the_step_that_mends_it(house: House, asked: Thread):
    sent_back(house)
    page = house.client("steward").get(house.submitted.get_absolute_url()).content.decode()
    assert "What reviewers asked" in page
    assert f"{house.submitted.get_absolute_url()}edit/rights/" in page
    assert "Go to the step “Rights”" in page


def test_a_steward_requests_nothing_of_reviewers(house: House):
    page = house.submitted.get_absolute_url()
    form = house.client("steward").get(f"{page}threads/new/").content.decode()
    assert 'name="requested"' not in form


def test_inv_6_a_talk_is_as_hidden_as_its_proposal(house: House, asked: Thread):
    other = make_dataset(member=house.member).proposals.get()
    browser = house.client("maintainer")
    assert browser.get(f"{other.get_absolute_url()}threads/{asked.pk}/").status_code == 404
    assert browser.get(f"{house.draft.get_absolute_url()}threads/{asked.pk}/").status_code == 404
    assert browser.get(f"{house.draft.get_absolute_url()}threads/new/").status_code == 404


def test_dm_17_a_talk_about_a_withdrawn_entry_is_for_its_member(house: House):
    proposal = house.entries["open"].proposals.get()
    thread = Thread.objects.create(
        proposal=proposal, revision=1, opened_by=house.people["maintainer"], field="origin"
    )
    address = f"{proposal.get_absolute_url()}threads/{thread.pk}/"
    assert house.client("researcher").get(address).status_code == 200
    house.client("steward").post("/datasets/entry-open/withdraw/", {"reason": "Consent was taken back"})
    assert house.client("researcher").get(address).status_code == 404
    assert house.client("steward").get(address).status_code == 200


def test_a_page_costs_the_same_however_much_is_said_on_it(house: House, asked: Thread):
    browser, page = house.client("maintainer"), house.submitted.get_absolute_url()
    few = queries(browser, page)
    for field in ("", "title", "origin", "rights"):
        thread = open_thread(
            actor=actor_of(house.people["steward"]), proposal=house.submitted, field=field, text="Note this."
        )
        reply(actor=actor_of(house.people["maintainer"]), thread=thread, text="Noted.")
    assert queries(browser, page) == few <= MOST


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("", "All of it"),
        ("rights.attribution", "Source must be named"),
        ("title.fr", "Title"),
        ("files", "Files"),
        ("files.0.path", "Files"),
        ("nothing.of.this", "nothing.of.this"),
    ],
)
def test_a_part_of_an_answer_is_called_as_the_answer(path: str, label: str):
    assert str(label_of_field(path)) == label
