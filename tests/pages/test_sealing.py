"""A private proposal in the browser: confirmed, sealed, published for its member, and told to nobody."""

import json

import pytest
from django.test import Client

from catalog.datasets.models import Dataset
from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.search import get_index
from catalog.search.reindex import reindex
from tests.factories import make_actor, make_dataset, make_draft, make_member, make_person, sealed


@pytest.fixture
def member(db: None, stores: None):
    return make_member("archive")


@pytest.fixture
def browser(member):
    client = Client()
    client.force_login(make_person(member, Role.STEWARD))
    return client


@pytest.fixture
def draft(browser):
    answer = browser.post("/proposals/new/", {"member": "archive"})
    return Proposal.objects.get(pk=answer["Location"].split("/")[2])


def step(browser, draft, name, **answers):
    draft.refresh_from_db()
    path = f"{draft.get_absolute_url()}edit/{name}/"
    return browser.post(path, {"revision": draft.revision, **answers})


def test_an_empty_draft_becomes_private_without_a_question_and_leads_to_its_seal(browser, draft):
    answer = step(browser, draft, "tier", tier="private")
    assert answer["Location"].endswith("/edit/seal/")
    page = browser.get(answer["Location"]).content.decode()
    assert "tapestry-node seal" in page
    assert "Step 2 of 3" in page


def test_a_draft_with_answers_is_asked_first_and_loses_them_only_then(member):
    _, draft = make_draft("open", member=member)
    browser = Client()
    browser.force_login(make_person(member, Role.STEWARD))
    page = step(browser, draft, "tier", tier="private").content.decode()
    assert "This will be forgotten" in page
    assert "1 file" in page
    draft.refresh_from_db()
    assert "title" in draft.record
    assert step(browser, draft, "tier", tier="private", forget="1").status_code == 302
    draft.refresh_from_db()
    assert (draft.record, draft.files) == ({"tier": "private", "affirmed": True}, [])


def test_a_seal_is_taken_and_the_entry_is_published_for_its_member(browser, draft, member):
    step(browser, draft, "tier", tier="private")
    answer = step(browser, draft, "seal", envelope=json.dumps(sealed(member)))
    assert answer["Location"].endswith("/edit/check/")
    assert browser.get(f"{draft.get_absolute_url()}edit/seal/").status_code == 200
    step(browser, draft, "check", affirmed="on")
    dataset = Dataset.objects.get()
    page = browser.get(dataset.get_absolute_url()).content.decode()
    assert f"Sealed entry {dataset.slug[7:15]}…" in page
    assert f"tapestry-node prove {dataset.newest.record['commitment'][:16]}" in page
    assert dataset.newest.record["node"] in page


@pytest.mark.parametrize("pasted", ["", "not JSON", "{}", '{"a": 1, "a": 2}', "[1]", "\ud800"])
def test_what_is_no_seal_stays_in_the_field_with_a_reason(browser, draft, pasted):
    step(browser, draft, "tier", tier="private")
    answer = step(browser, draft, "seal", envelope=pasted.encode("utf-8", "surrogatepass"))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_a_seal_of_a_stranger_is_refused_in_words(browser, draft):
    step(browser, draft, "tier", tier="private")
    answer = step(browser, draft, "seal", envelope=json.dumps(sealed(make_member())))
    assert answer.status_code == 422
    assert "No active node" in answer.content.decode()


def test_only_private_drafts_have_a_seal_step(browser, member):
    _, draft = make_draft("open", member=member)
    assert browser.get(f"{draft.get_absolute_url()}edit/seal/")["Location"].endswith("/edit/tier/")


def test_no_page_of_a_sealed_entry_shows_an_empty_name_or_an_empty_filter(browser, member):
    dataset = make_dataset("private", member=member)
    reindex(get_index())
    name = f"Sealed entry {dataset.slug[7:15]}…"
    for path in ("/datasets/", f"/members/{member.slug}/", dataset.newest.get_absolute_url(), "/proposals/"):
        page = browser.get(path).content.decode()
        assert name in page, path
        assert "></a></h3>" not in page
    listed = browser.get("/api/v1/datasets/").json()
    assert listed["results"][0]["title"] == name
    assert not [value for values in listed["facets"].values() for value in values if not value["value"]]


def test_its_owner_reads_a_sealed_entry_as_json_and_linked_data(browser, member):
    dataset = make_dataset("private", member=member)
    known = browser.get(f"/api/v1/datasets/{dataset.slug}/").json()
    assert (known["newest"]["files"], known["newest"]["languages"], known["licence"]) == ([], [], "")
    assert known["newest"]["record"]["commitment"] == dataset.newest.record["commitment"]
    assert browser.get(f"/datasets/{dataset.slug}.jsonld").json()["tier"] == "private"


def test_a_next_version_of_a_sealed_entry_starts_at_its_seal(browser, member):
    dataset = make_dataset("private", member=member, actor=make_actor(member, Role.STEWARD))
    answer = browser.post(f"/proposals/new/?dataset={dataset.slug}", {"member": "archive"}, follow=True)
    assert answer.status_code == 200
    assert Proposal.objects.filter(state="draft", record={"tier": "private", "affirmed": False}).count() == 1
