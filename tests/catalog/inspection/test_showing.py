"""The page, the fragment and the API: as much as the policy lets a reader know, and no more (DG:1, INV-6)."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.datasets.services import withdraw_dataset
from catalog.inspection.concluding import conclude
from catalog.inspection.models import EntryFacts, Inspection
from catalog.inspection.previewing import keep_previews
from catalog.members.models import Role
from tests.catalog.inspection.conftest import VIETNAMESE, concluded, inspect_all
from tests.catalog.inspection.test_attesting import published
from tests.factories import make_actor, make_dataset, make_draft, make_member, make_node_key, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_process")]


def signed_in(member="elsewhere", role=Role.RESEARCHER):
    browser = Client()
    browser.force_login(make_person(make_member(member), role))
    return browser


def page(version, browser=None):
    return (browser or Client()).get(f"/datasets/{version.dataset.slug}/facts/").content.decode()


def api(version, browser=None):
    path = f"/api/v1/datasets/{version.dataset.slug}/versions/{version.number}/facts/"
    return (browser or Client()).get(path).json()


def test_everybody_reads_the_facts_of_open_data_with_rows_and_licences():
    version, row = concluded()
    keep_previews(version.pk)
    shown = page(version)
    assert "nobody had to be believed" in shown
    assert "First rows" in shown
    assert "vi.txt" in shown
    assert api(version)["facts"]["records"] == row.facts["records"] == 4


def test_facts_of_train_only_data_are_for_the_consortium():
    version, _ = concluded("train-only")
    assert "for people of the consortium" in page(version)
    assert "vi.txt" not in page(version)
    assert (api(version)["state"], api(version)["facts"]) == ("withheld", None)
    assert api(version, signed_in())["facts"]["records"] == 4


def test_of_local_only_data_outsiders_read_the_numbers_and_the_consortium_the_rest(tmp_path):
    version = published(tmp_path, make_node_key(make_member("archive")))
    told = api(version)
    assert told["state"] == "attested"
    assert told["facts"]["records"] == 4
    assert told["facts"].keys().isdisjoint({"licences", "remarks", "duplicate_files", "sketch"})
    assert "licences" in api(version, signed_in())["facts"]
    assert "signed them" in page(version)


def test_nobody_is_shown_a_sketch():
    version, row = concluded()
    assert row.facts["sketch"]
    assert "sketch" not in api(version, signed_in())["facts"]


@pytest.mark.parametrize("reader", ["nobody", "owner"])
def test_inv_6_private_data_have_no_page_of_facts(reader):
    dataset = make_dataset("private", member=make_member("archive"))
    browser = signed_in("archive", Role.STEWARD) if reader == "owner" else Client()
    assert browser.get(f"/datasets/{dataset.slug}/facts/").status_code == 404
    assert browser.get(f"/api/v1/datasets/{dataset.slug}/versions/1/facts/").status_code == 404


def test_facts_of_a_withdrawn_entry_are_for_its_owner():
    version, _ = concluded(member=make_member("archive"))
    owner = make_actor("archive", Role.STEWARD)
    withdraw_dataset(actor=owner, dataset=version.dataset, reason="asked for")
    assert api(version)["state"] == "withheld"
    assert api(version, signed_in("archive", Role.STEWARD))["state"] == "computed"


@pytest.mark.parametrize("asked", ["2", "0", "x", "9" * 30])
def test_a_version_that_is_not_there_is_missing(asked):
    version, _ = concluded()
    answer = Client().get(f"/datasets/{version.dataset.slug}/facts/", {"version": asked})
    assert answer.status_code == 404


def test_before_the_worker_came_the_page_says_that_files_wait():
    version = make_dataset(texts={"vi": VIETNAMESE}).newest
    assert "0 of 1 files inspected" in page(version)
    assert api(version)["state"] == "queued"


def test_a_draft_tells_how_far_it_is_and_stops_asking_by_itself():
    actor, draft = make_draft(texts={"vi": VIETNAMESE, "fr": b" \n"})
    browser = Client()
    browser.force_login(make_person_of(actor))
    before = browser.get(f"/proposals/{draft.pk}/inspection/").content.decode()
    inspect_all()
    after = browser.get(f"/proposals/{draft.pk}/inspection/").content.decode()
    assert "0 of 2 files inspected" in before
    assert "hx-trigger" in before
    assert "2 of 2 files inspected" in after
    assert "hx-trigger" not in after
    assert "only-whitespace" in after
    assert (
        "holds nothing but white space" in browser.get(f"/proposals/{draft.pk}/edit/files/").content.decode()
    )


def test_inv_6_the_progress_of_a_draft_is_missing_for_others():
    _, draft = make_draft(texts={"vi": VIETNAMESE})
    assert signed_in().get(f"/proposals/{draft.pk}/inspection/").status_code == 404


@pytest.mark.usefixtures("known_terms")
def test_one_file_and_forty_cost_the_same_number_of_queries():
    few = make_dataset(texts={"vi": VIETNAMESE}).newest
    many = make_dataset(texts={f"qaa-x-n{n}": f"{n}\n".encode() for n in range(40)}, languages=["vi"]).newest
    Inspection.objects.exclude(name="vi.txt").update(state="running")
    assert cost(few) == cost(many)
    facts = EntryFacts.objects.create(version=few, inspector="x", facts=facts_of(few)).facts
    EntryFacts.objects.create(version=many, inspector="x", facts=facts)
    assert cost(few) == cost(many) <= 9


def test_the_command_queues_what_is_missing_and_then_nothing(capsys):
    version = make_dataset(texts={"vi": VIETNAMESE}).newest
    Inspection.objects.all().delete()
    call_command("inspect")
    assert "1 of 1 versions, 1 files queued" in capsys.readouterr().out
    inspect_all()
    conclude(version.pk)
    call_command("inspect", "--all")
    assert "nothing lacks" in capsys.readouterr().out


def cost(version):
    with CaptureQueriesContext(connection) as captured:
        page(version)
    return len(captured)


def facts_of(_version):
    _, row = concluded()
    return row.facts


def make_person_of(actor):
    from catalog.members.models import User

    return User.objects.get(pk=actor.key)
