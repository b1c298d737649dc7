"""What the script of a step sends and what it is told."""

import pytest
from django.test import Client

from catalog.members.models import Role
from provenance.events.models import Event
from tests.factories import make_member, make_person
from tests.pages.proposing import ABOUT, COVERAGE, Window, address, begin

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def steward(db: None) -> Client:
    browser = Client()
    browser.force_login(make_person(make_member("archive"), Role.STEWARD))
    return browser


@pytest.fixture
def draft(steward):
    return begin(steward)


def window(steward, draft, step="coverage"):
    return Window(steward, draft, step)


def test_a_step_is_saved_and_its_findings_are_told(steward, draft):
    told = window(steward, draft).autosave(languages="qu", represents="Tellers")
    draft.refresh_from_db()
    assert draft.record == {"languages": ["qu"], "represents": "Tellers"}
    assert told["saved"]
    assert told["revision"] == draft.revision == 2
    found = [finding for finding in told["findings"] if finding["level"] == "blocker"]
    assert [(each["field"], each["requirement"]) for each in found] == [("themes", "DG:1")]
    assert "Still missing: themes." in told["parts"]["findings"]


def test_what_can_not_be_read_is_kept_as_it_was_typed_and_told(steward, draft):
    told = window(steward, draft).autosave(**{**COVERAGE, "shares": "vi sixty"})
    draft.refresh_from_db()
    assert draft.record["shares"] == "vi sixty"
    assert draft.record["languages"] == ["vi", "en"]
    assert told["refused"] == {"shares": ["“sixty” is not a percentage."]}
    assert 'value="vi sixty"' in steward.get(address(draft, "coverage")).content.decode()


def test_a_choice_that_there_is_not_is_left_out(steward, draft):
    page = window(steward, draft, "about")
    page.autosave(**ABOUT)
    told = page.autosave(**{**ABOUT, "modality": "smell"})
    draft.refresh_from_db()
    assert draft.record["modality"] == "text"
    assert "modality" in told["refused"]


def test_what_is_not_new_is_not_written(steward, draft):
    page = window(steward, draft)
    revisions = {page.autosave(**COVERAGE)["revision"] for _ in range(3)}
    assert revisions == {2}
    assert Event.objects.filter(action="proposal.saved").count() == 1


def test_autosaves_of_one_person_are_one_line_of_the_story(steward, draft):
    page = window(steward, draft)
    for words in ("T", "Te", "Tellers"):
        page.autosave(represents=words)
    assert Event.objects.filter(action="proposal.saved").count() == 3
    assert steward.get(draft.get_absolute_url()).content.decode().count("Draft saved") == 1


def test_the_short_name_follows_the_title_while_it_is_typed(steward, draft):
    page = window(steward, draft, "about")
    for title in ("Let", "Letters of the delta"):
        page.autosave(text_languages="en", title_en=title)
    draft.refresh_from_db()
    assert draft.slug == "letters-of-the-delta"


@pytest.mark.parametrize(("before", "after"), [("open", "private"), ("private", "open"), ("", "private")])
def test_to_and_from_private_waits_for_the_button(steward, draft, before, after):
    page = window(steward, draft, "tier")
    if before:
        page.press(tier=before)
    told = window(steward, draft, "tier").autosave(tier=after)
    draft.refresh_from_db()
    assert not told["saved"]
    assert draft.record.get("tier", "") == before


def test_another_tier_is_saved(steward, draft):
    assert window(steward, draft, "tier").autosave(tier="train-only")["saved"]
    draft.refresh_from_db()
    assert draft.record == {"tier": "train-only"}


def test_a_clash_is_told_with_both_sides(steward, draft):
    first, second = window(steward, draft), window(steward, draft)
    first.autosave(represents="Fishers")
    told = second.autosave(represents="Ferrymen", languages="qu")
    assert (told["saved"], told["clashes"]) == (False, ["represents"])
    assert "Fishers" in told["parts"]["clashes"]
    draft.refresh_from_db()
    assert draft.record == {"represents": "Fishers", "languages": ["qu"]}


def test_who_is_signed_out_is_led_to_the_door(steward, draft):
    steward.logout()
    answer = steward.post(address(draft, "coverage"), COVERAGE, headers={"X-Autosave": "1"})
    assert answer.status_code == 302


def test_who_submitted_meanwhile_is_named_as_the_reason(steward, draft):
    draft.state = "withdrawn"
    draft.save()
    answer = steward.post(
        address(draft, "coverage"), COVERAGE, headers={"X-Autosave": "1", "Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "not-editable")


@pytest.mark.parametrize("base", ["", "{", "[]", '{"represents": 1}', "[" * 100_000])
def test_a_broken_memory_of_what_was_shown_overwrites_nobody(steward, draft, base):
    late = window(steward, draft)
    window(steward, draft).autosave(represents="Fishers")
    late.hidden["base"] = base
    assert late.autosave(represents="Ferrymen")["clashes"] == ["represents"]
    draft.refresh_from_db()
    assert draft.record["represents"] == "Fishers"
