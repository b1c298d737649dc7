"""Ranged reads under a grant: each is one event, and whoever ends the grant ends the read."""

import hashlib
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone

from catalog.datasets.models import Dataset
from catalog.datasets.services import withdraw_dataset
from catalog.members.models import Role
from catalog.proposals.services import attach_upload, submit_proposal
from provenance.events.models import Event
from tests.factories import approve, make_actor, make_dataset, make_draft
from tests.training.api.signing_node import SigningNode, make_maintainer
from tests.training.grants.conftest import GRANTS, code_of, manifest, read
from training.api.streaming import CHUNK, ReadCut, stream_blob
from training.grants.models import DataGrant
from training.grants.services import GrantWatch, open_file, revoke_grant
from training.nodes.services import suspend_node

pytestmark = pytest.mark.django_db
TEXT = b"un deux trois\n"
LONG = b"x" * (2 * CHUNK + 5)


@pytest.fixture
def dataset():
    return make_dataset("open", texts={"fr": TEXT, "vi": LONG})


@pytest.fixture
def url(node, dataset) -> str:
    """The address of the short file; the grant names both."""
    return node.post(GRANTS, manifest(dataset)).json()["files"][0]["url"]


def ranged(node, url, **headers):
    signed = node.signed("GET", url)
    return node.send("GET", url, headers={**signed, **{k.replace("_", "-"): v for k, v in headers.items()}})


def test_a_file_is_read_whole_and_the_log_says_so(node, url):
    response = node.get(url)
    assert (response.status_code, read(response)) == (200, TEXT)
    assert response["ETag"] == f'"{hashlib.sha256(TEXT).hexdigest()}"'
    event = Event.objects.get(action="data.read")
    assert (event.outcome, event.details["path"], event.details["bytes"]) == ("allowed", "fr.txt", 14)


@pytest.mark.parametrize(
    ("asked", "status", "sent"),
    [
        ("bytes=3-6", 206, b"deux"),
        ("bytes=8-", 206, b"trois\n"),
        ("bytes=-6", 206, b"trois\n"),
        ("bytes=0-99", 206, TEXT),
        ("bytes=0-1,4-5", 200, TEXT),
        ("lines=1-2", 200, TEXT),
    ],
)
def test_one_range_is_sent_and_other_forms_are_passed_over(node, url, asked, status, sent):
    response = ranged(node, url, Range=asked)
    assert (response.status_code, read(response)) == (status, sent)
    assert Event.objects.get(action="data.read").details["bytes"] == len(sent)


@pytest.mark.parametrize("asked", ["bytes=14-", "bytes=9-3", "bytes=-0"])
def test_a_range_beyond_the_end_is_416_and_sends_nothing(node, url, asked):
    response = ranged(node, url, Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */14")
    assert Event.objects.get(action="data.read").details["bytes"] == 0


def test_if_range_holds_for_the_same_bytes_alone(node, url):
    etag = node.get(url)["ETag"]
    assert ranged(node, url, Range="bytes=3-6", If_Range=etag).status_code == 206
    assert ranged(node, url, Range="bytes=3-6", If_Range='"other"').status_code == 200


def test_head_tells_the_size_and_sends_nothing(node, url):
    response = node.send("HEAD", url)
    assert (response.status_code, response["Content-Length"], response.content) == (200, "14", b"")
    assert Event.objects.get(action="data.read").details["bytes"] == 0


def test_a_file_that_the_grant_does_not_name_is_not_read(node, dataset):
    grant = node.post(GRANTS, manifest(dataset, paths=["fr.txt"])).json()
    other = grant["files"][0]["url"].replace("fr.txt", "vi.txt")
    assert code_of(node.get(other)) == (404, "path-not-granted")
    assert Event.objects.get(action="data.read").outcome == "denied"


def test_another_node_of_the_same_member_has_a_grant_of_its_own_or_none(node, url):
    assert code_of(SigningNode(node.node.member).get(url)) == (404, "grant-not-found")


def test_a_grant_ends_with_its_time(node, url):
    DataGrant.objects.update(
        issued_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert code_of(node.get(url)) == (403, "grant-expired")


def test_a_grant_that_was_given_back_is_over(node, url):
    key = DataGrant.objects.get().pk
    assert node.send("DELETE", f"{GRANTS}{key}/").status_code == 204
    assert node.send("DELETE", f"{GRANTS}{key}/").status_code == 204
    assert code_of(node.get(url)) == (403, "grant-revoked")
    assert [row["live"] for row in node.get(GRANTS).json()["results"]] == [False]


def test_nobody_gives_back_or_lists_the_grants_of_another(node, url):
    stranger = SigningNode()
    assert stranger.get(GRANTS).json()["results"] == []
    assert code_of(stranger.send("DELETE", f"{GRANTS}{DataGrant.objects.get().pk}/")) == (
        404,
        "grant-not-found",
    )


def test_a_file_with_spaces_and_letters_of_any_script_is_read_by_its_url(node):
    steward, draft = make_draft("open")
    name = "bài hát ngọt.txt"
    draft = attach_upload(actor=steward, proposal=draft, path=name, language="vi", chunks=[b"mot\n"])
    approve(submit_proposal(actor=steward, proposal=draft))
    dataset = Dataset.objects.get(slug=draft.slug)
    [file] = node.post(GRANTS, manifest(dataset, paths=[name])).json()["files"]
    assert file["url"].endswith(quote(name))
    assert read(node.get(file["url"])) == b"mot\n"


# -- on the next byte


def withdraw(node, dataset):
    withdraw_dataset(
        actor=make_actor(dataset.member, Role.STEWARD), dataset=dataset, reason="consent revoked"
    )


def suspend(node, _dataset):
    suspend_node(make_maintainer(), node.node, cause="noise")


def revoke(_node, dataset):
    revoke_grant(make_actor(dataset.member, Role.STEWARD), DataGrant.objects.get().pk)


def expire(_node, _dataset):
    DataGrant.objects.update(expires_at=timezone.now())


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (withdraw, "version-withdrawn"),
        (suspend, "node-not-active"),
        (revoke, "grant-revoked"),
        (expire, "grant-expired"),
    ],
)
def test_a_read_ends_before_its_next_byte(node, dataset, url, end, code):
    response = node.get(url.replace("fr.txt", "vi.txt"))
    chunks = iter(response.streaming_content)
    assert len(next(chunks)) == CHUNK
    end(node, dataset)
    with pytest.raises(ReadCut):
        next(chunks)
    started, cut = Event.objects.get(action="data.read"), Event.objects.get(action="data.read-cut")
    assert (cut.reason_codes, cut.details["bytes"]) == ([code], CHUNK)
    assert (started.details["bytes"], cut.details["corrects"]) == (len(LONG), str(started.uuid))


def test_a_reader_who_goes_away_is_noted_with_what_was_sent(node, url):
    opened = open_file(node.node, DataGrant.objects.get().pk, "vi.txt")
    watch = GrantWatch(opened, begin=0, end=len(LONG))
    asked = RequestFactory().get("/")
    response = stream_blob(asked, sha256=opened.file.sha256, size=len(LONG), watch=watch)
    next(iter(response.streaming_content))
    request_finished.disconnect(close_old_connections)  # the test's own connection has to stay
    response.close()
    request_finished.connect(close_old_connections)
    cut = Event.objects.get(action="data.read-cut")
    assert (cut.reason_codes, cut.details["bytes"]) == (["connection-lost"], CHUNK)


def test_each_chunk_costs_one_query(node, url, django_assert_num_queries):
    chunks = iter(node.get(url.replace("fr.txt", "vi.txt")).streaming_content)
    next(chunks)
    with django_assert_num_queries(1):
        next(chunks)
    list(chunks)  # a generator that is left open would tell its end to another test's log
