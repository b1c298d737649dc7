"""A draft from a description that exists, as a steward's browser does it."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft
from provenance.events.models import Event
from tests.catalog.intake.servers import CARD, serving
from tests.factories import make_actor, make_draft, make_member, make_person

FROM = "/proposals/from/"
TWO = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<urn:one> a dcat:Dataset ; dct:title "Songs"@en .
<urn:two> a dcat:Dataset ; dct:title "Tales"@en ; dct:description "Tales of the valley."@en .
"""


@pytest.fixture
def steward(db: None, stores: None) -> Client:
    browser = Client()
    browser.force_login(make_person(make_member("archive"), Role.STEWARD))
    return browser


def give(browser, path=FROM, **given):
    return browser.post(path, {"member": "archive", **given})


def taken(browser, shown, path=FROM, **more):
    """Press the button of the page that shows what was read."""
    held = re.search(r'name="held" value="([^"]+)"', shown.content.decode())[1]
    return browser.post(path, {"held": held, "take": "1", **more})


def test_nothing_is_kept_before_somebody_says_so(steward):
    shown = give(steward, text=CARD.decode())
    assert "Letters, one a line." in shown.content.decode()
    assert not Proposal.objects.exists()


def test_a_pasted_card_becomes_a_draft_that_asks_for_its_tier_first(steward):
    answer = taken(steward, give(steward, text=CARD.decode()))
    draft = Proposal.objects.get()
    assert answer.url == f"/proposals/{draft.pk}/edit/tier/"
    assert (draft.record["licence"], draft.record.get("tier")) == ("MIT", None)
    assert draft.intake["format"] == "card"


def test_the_draft_tells_its_stewards_what_was_read_and_nobody_else(steward):
    taken(steward, give(steward, text=CARD.decode()))
    draft = Proposal.objects.get()
    assert "Read from a dataset card" in steward.get(f"/proposals/{draft.pk}/").content.decode()
    colleague = Client()
    colleague.force_login(make_person("archive", Role.RESEARCHER))
    assert "Read from a dataset card" not in colleague.get(f"/proposals/{draft.pk}/").content.decode()


def test_a_file_is_read_in_memory(steward, settings):
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    file = SimpleUploadedFile("README.md", CARD, "text/markdown")
    taken(steward, give(steward, file=file))
    assert Proposal.objects.get().intake["source"] == "README.md"


def test_an_address_is_asked_and_the_log_keeps_its_host_alone(steward, settings):
    with serving() as server:
        host = f"127.0.0.1:{server.server_port}"
        settings.FETCH_ALLOWED = frozenset({host})
        taken(steward, give(steward, url=f"http://{host}/card?key=secret"))
    event = Event.objects.get(action="description.fetched")
    assert event.details == {"host": "127.0.0.1", "bytes": len(CARD)}
    assert "secret" not in json.dumps(event.details)
    assert Proposal.objects.get().record["title"] == {"und": "Letters"}


def test_a_private_address_is_refused_at_its_field_with_an_event(steward):
    refused = give(steward, url="http://127.0.0.1/card")
    assert refused.status_code == 422
    assert "network of its own" in refused.content.decode()
    assert Event.objects.get(action="description.fetched").reason_codes == ["address-forbidden"]


def test_the_eleventh_address_in_a_minute_is_refused(steward):
    for _ in range(10):
        give(steward, url="http://127.0.0.1/card")
    assert "Try again in a minute" in give(steward, url="http://127.0.0.1/card").content.decode()
    assert Event.objects.filter(action="description.fetched").count() == 10


def test_of_several_datasets_one_is_chosen(steward):
    choice = give(steward, text=TWO).content.decode()
    assert "Songs" in choice
    held = re.search(r'name="held" value="([^"]+)"', choice)[1]
    shown = steward.post(FROM, {"held": held, "dataset": "urn:two"})
    taken(steward, shown, dataset="urn:two")
    assert Proposal.objects.get().record["title"] == {"en": "Tales"}


@pytest.mark.parametrize(
    "text", ["", "just words", "<html></html>", "{", '{"@type": "Dataset"}', "---\n&a [*a]\n---\n"]
)
def test_what_can_not_be_read_is_refused_and_stays_in_the_form(steward, text):
    refused = give(steward, text=text)
    assert refused.status_code == 422
    assert (
        text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("&a", "&amp;a")
        in refused.content.decode()
    )


def test_only_one_of_the_three_ways_at_once(steward):
    assert give(steward, text=CARD.decode(), url="https://example.org/").status_code == 422


def test_an_existing_draft_gets_only_what_is_still_empty(steward):
    actor = make_actor("archive")
    _, draft = make_draft(member=make_member("archive"), actor=actor)
    record = {**draft.record, "title": {"en": "Mine"}}
    record.pop("licence")
    draft = save_draft(actor=actor, proposal=draft, record=record, expected_revision=draft.revision)
    path = f"{FROM}?proposal={draft.pk}"
    taken(steward, give(steward, path, text=CARD.decode()), path)
    draft.refresh_from_db()
    assert (draft.record["title"], draft.record["licence"]) == ({"en": "Mine"}, "MIT")


def test_a_private_draft_is_filled_from_nothing(steward):
    _, draft = make_draft("private", member=make_member("archive"))
    assert give(steward, f"{FROM}?proposal={draft.pk}", text=CARD.decode()).status_code == 403
    draft.refresh_from_db()
    assert draft.intake == {}


def test_what_was_read_is_forgotten_when_the_draft_becomes_private(steward):
    taken(steward, give(steward, text=CARD.decode()))
    draft = Proposal.objects.get()
    actor = make_actor("archive")
    save_draft(actor=actor, proposal=draft, record={"tier": "private"}, expected_revision=draft.revision)
    draft.refresh_from_db()
    assert draft.intake == {}


def test_what_another_person_read_is_not_taken(steward):
    shown = give(steward, text=CARD.decode())
    other = Client()
    other.force_login(make_person(make_member("archive"), Role.STEWARD))
    assert taken(other, shown).status_code == 409
    assert not Proposal.objects.exists()


def test_strangers_have_no_draft_to_fill_in(steward):
    _, draft = make_draft(member=make_member("elsewhere"))
    assert steward.get(f"{FROM}?proposal={draft.pk}").status_code == 404
    assert steward.get(f"{FROM}?proposal=nothing").status_code == 404


def test_markup_in_a_description_is_shown_and_never_acts(steward):
    shown = give(steward, text="# <script>alert(1)</script> & more\n\n<img src=x onerror=alert(1)> Text.\n")
    assert "<script>alert" not in shown.content.decode()
    assert "onerror" not in shown.content.decode()


def test_only_stewards_begin(db, stores):
    browser = Client()
    browser.force_login(make_person(make_member("judges"), Role.MAINTAINER))
    assert browser.get(FROM).status_code == 403
