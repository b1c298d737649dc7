"""How notices and withdrawals come out: in JSON-LD, in the API, on pages."""

import pytest
from django.test import Client

from catalog.datasets.models import DatasetVersion
from catalog.datasets.services import withdraw_dataset
from catalog.interchange.context import to_nquads
from catalog.interchange.dataset_document import dataset_document
from catalog.lifecycle.notices import deprecate, supersede
from catalog.members.models import Role
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS
from tests.factories import make_actor, make_dataset, make_member, make_person

pytestmark = pytest.mark.django_db
STATUS = "http://publications.europa.eu/resource/authority/dataset-status/"


@pytest.fixture
def pair():
    member = make_member()
    old, new = (make_dataset(member=member, title={"en": name}) for name in ("Old cloth", "New cloth"))
    return make_actor(member, Role.STEWARD), old, new


def withdrawn(tier=Tier.OPEN):
    dataset = make_dataset(tier)
    steward = make_actor(dataset.member, Role.STEWARD)
    return withdraw_dataset(actor=steward, dataset=dataset, reason="The community asked for it.")


def test_linked_data_lead_to_the_successor(pair):
    steward, old, new = pair
    supersede(actor=steward, dataset=old, successor=new)
    quads = to_nquads(dataset_document(old.newest, ANONYMOUS))
    assert "<http://www.w3.org/ns/adms#status> <" + STATUS + "DEPRECATED>" in quads
    assert "<http://purl.org/dc/terms/isReplacedBy> <http" in quads
    assert f"/datasets/{new.slug}/" in quads


def test_the_api_and_the_page_tell_what_a_steward_said(pair):
    steward, old, new = pair
    supersede(actor=steward, dataset=old, successor=new, reason="Proofread.")
    notice = Client().get(f"/api/v1/datasets/{old.slug}/").json()["notice"]
    assert (notice["kind"], notice["reason"]) == ("superseded", "Proofread.")
    page = Client().get(old.get_absolute_url()).content.decode()
    assert "Another entry stands in its place" in page
    assert new.get_absolute_url() in page


def test_a_version_carries_its_own_notice(pair):
    steward, old, _ = pair
    deprecate(actor=steward, dataset=old, version=old.newest, reason="Misprints.")
    assert "This version is deprecated" in Client().get(old.newest.get_absolute_url()).content.decode()


def test_the_answer_of_a_deprecated_entry_begins_with_the_warning(pair):
    steward, old, _ = pair
    deprecate(actor=steward, dataset=old, reason="Misprints.")
    assert (
        '<p class="answer">Deprecated: start nothing new. '
        in Client().get(old.get_absolute_url()).content.decode()
    )


def test_only_what_stands_can_be_taken_back(pair):
    steward, old, _ = pair
    browser, path = Client(), f"{old.get_absolute_url()}notices/new/"
    browser.force_login(make_person(old.member, Role.STEWARD))
    before = browser.get(path).content.decode()
    deprecate(actor=steward, dataset=old, reason="Misprints.")
    assert ("reinstated" in before, "reinstated" in browser.get(path).content.decode()) == (False, True)


def test_a_single_version_is_not_compared_with_itself(pair):
    _, old, _ = pair
    page = Client().get(f"{old.get_absolute_url()}compare/").content.decode()
    assert "There is only one version" in page
    assert 'name="from"' not in page


def test_a_steward_posts_a_notice_and_what_was_typed_is_kept(pair):
    _, old, new = pair
    browser, path = Client(), f"{old.get_absolute_url()}notices/new/"
    browser.force_login(make_person(old.member, Role.STEWARD))
    told = {"kind": "superseded", "version": "entry"}
    wrong = browser.post(path, {**told, "successor": "no-such-entry", "reason": "Better one."})
    assert wrong.status_code == 422
    assert "Better one." in wrong.content.decode()
    assert browser.post(path, {**told, "successor": new.slug}).status_code == 302


@pytest.mark.parametrize("path", ["", "versions/1/"])
def test_a_withdrawn_entry_is_a_tombstone_to_outsiders(path):
    dataset = withdrawn()
    page = Client().get(f"{dataset.get_absolute_url()}{path}").content.decode()
    assert "The community asked for it." in page
    assert dataset.newest.digest in page
    for told in ("A public declaration", "an@example.org", "vi.txt", "Speakers of Vietnamese"):
        assert told not in page


def test_its_own_people_still_read_it():
    dataset = withdrawn()
    browser = Client()
    browser.force_login(make_person(dataset.member, Role.RESEARCHER))
    assert "A public declaration" in browser.get(dataset.get_absolute_url()).content.decode()


def test_its_own_people_are_told_when_why_and_what_it_reached_and_nothing_of_its_use():
    dataset = withdrawn()
    browser = Client()
    browser.force_login(make_person(dataset.member, Role.STEWARD))
    page = browser.get(dataset.get_absolute_url()).content.decode()
    assert "The community asked for it." in page
    assert f"{dataset.get_absolute_url()}withdrawal/" in page
    assert dataset.withdrawn_at.isoformat(timespec="seconds") in page
    for gone in ('id="ready"', "Requests for access", "When a job trains on it"):
        assert gone not in page


def test_the_api_tells_of_a_tombstone_no_more_than_its_identity():
    dataset = withdrawn(Tier.TRAIN_ONLY)
    told = Client().get(f"/api/v1/datasets/{dataset.slug}/").json()
    assert told["state"] == "withdrawn"
    assert told["tombstone"]["reason"] == "The community asked for it."
    assert (told["summary"], told["licence"], told["languages"]) == ("", "", [])
    assert told["newest"]["record"].keys() == {"title", "tier"}
    assert told["versions"][0]["bytes"] is None
    assert told["versions"][0]["digest"] == dataset.newest.digest


def test_a_comparison_does_not_tell_what_changed_in_a_withdrawn_entry():
    dataset, note = make_dataset(), "Names of places were mended."
    told = {"tier": dataset.tier, "record": dataset.newest.record, "languages": [], "bytes": 0, "records": 0}
    told["accepted_for"] = "training"
    DatasetVersion.objects.create(dataset=dataset, number=2, digest="2" * 64, change_note=note, **told)
    path = f"/api/v1/datasets/{dataset.slug}/compare/?from=1&to=2"
    assert note in Client().get(path).content.decode()
    withdraw_dataset(actor=make_actor(dataset.member, Role.STEWARD), dataset=dataset, reason="Asked for.")
    assert note not in Client().get(path).content.decode()


def test_linked_data_say_that_it_was_withdrawn():
    dataset = withdrawn()
    node = dataset_document(dataset.newest, ANONYMOUS)
    assert node["status"]["@id"] == STATUS + "WITHDRAWN"
    assert "description" not in node


def test_a_text_in_another_language_than_the_readers_breaks_no_attribute():
    dataset = make_dataset(summary={"en": 'A "quoted" summary'}, title={"en": "Cloth & thread"})
    page = Client(headers={"accept-language": "ar"}).get(dataset.get_absolute_url()).content.decode()
    head = page.partition("</head>")[0]
    assert "<span" not in head
    assert "&quot;quoted&quot; summary" in head
