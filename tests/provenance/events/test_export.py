"""DM:18: everybody takes away what they may discover, and can check it without us."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.members.models import Role
from catalog.pages.log_export import Pace
from provenance.actors import COORDINATOR
from provenance.events.models import Event
from provenance.events.services import record_event
from provenance.signing.canonical import digest
from tests.factories import make_dataset, make_member, make_person

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]


def client_of(member) -> Client:
    client = Client()
    client.force_login(make_person(member, Role.RESEARCHER))
    return client


def export(client: Client, query: str = "") -> bytes:
    return b"".join(client.get(f"/log/export.jsonl{query}").streaming_content)


def lines(client: Client, query: str = "") -> list:
    return [json.loads(line) for line in export(client, query).splitlines()]


def test_each_line_carries_a_digest_that_anybody_recomputes():
    make_dataset("open", title={"en": "Songs", "ar": "أغانٍ"})
    _, *events, end = lines(Client())
    assert end["events"] == len(events) > 0
    assert all(digest(event["content"]) == event["digest"] for event in events)


def test_the_snippet_in_the_documents_checks_a_file(tmp_path):
    make_dataset("open")
    snippet = re.search(r"```python\n(.*?)```", (ROOT / "docs/audit-export.md").read_text(), re.DOTALL)
    file = tmp_path / "log.jsonl"
    said = export(Client())
    for content, code in ((said, 0), (said.replace(b'"done"', b'"denied"'), 1)):
        file.write_bytes(content)
        ran = subprocess.run([sys.executable, "-c", snippet[1], str(file)], cwd=ROOT, check=False)
        assert ran.returncode == code


def test_each_reader_gets_what_they_may_discover_and_no_more():
    member = make_member()
    for audience in ("public", "consortium", f"member:{member.slug}"):
        record_event(actor=COORDINATOR, action="test.told", subject=audience, audience=audience)
    told = {
        name: {event["content"]["subject"] for event in lines(client, "?action=test")[1:-1]}
        for name, client in {
            "nobody": Client(),
            "another": client_of(make_member()),
            "own": client_of(member),
        }.items()
    }
    assert told["nobody"] == {"public"}
    assert told["another"] == {"public", "consortium"}
    assert told["own"] == {"public", "consortium", f"member:{member.slug}"}


def test_the_first_line_says_who_asked_for_what_and_the_export_is_an_event():
    member = make_member()
    header = lines(client_of(member), "?action=dataset&outcome=done")[0]
    assert header["filter"] == {"action": "dataset", "outcome": "done"}
    assert header["audiences"] == ["consortium", f"member:{member.slug}", "public"]
    event = Event.objects.get(uuid=header["event"])
    assert (event.action, event.audience) == ("log.exported", f"member:{member.slug}")


def test_what_a_stranger_typed_stays_out_of_the_public_log():
    header = lines(Client(), "?action=nonsense-that-stays")[0]
    event = Event.objects.get(uuid=header["event"])
    assert event.audience == "public"
    assert event.details == {"filter": ["action"]}


def test_who_takes_the_log_away_too_often_waits():
    cache.clear()
    client, most = Client(), int(Pace().num_requests)
    answers = [client.get("/log/export.jsonl?action=test").status_code for _ in range(most + 1)]
    assert answers == [*[200] * most, 429]
    assert Event.objects.filter(action="log.exported").count() == most
    cache.clear()


def test_the_log_is_read_through_a_cursor_on_the_server(django_assert_max_num_queries):
    for number in range(30):
        record_event(actor=COORDINATOR, action="test.told", subject=str(number))
    with django_assert_max_num_queries(6):
        assert len(lines(Client(), "?action=test")) == 32


def test_the_api_pages_through_the_same_lines():
    for number in range(3):
        record_event(actor=COORDINATOR, action="test.told", subject=str(number))
    record_event(actor=COORDINATOR, action="test.told", subject="hidden", audience="consortium")
    page = Client().get("/api/v1/log/?action=test&page_size=2").json()
    assert [event["content"]["subject"] for event in page["results"]] == ["2", "1"]
    rest = Client().get(page["next"]).json()["results"]
    assert [event["content"]["subject"] for event in rest] == ["0"]


def test_the_page_leads_to_the_file_with_its_filters():
    make_dataset("open")
    assert "/log/export.jsonl?action=dataset" in Client().get("/log/?action=dataset").content.decode()
