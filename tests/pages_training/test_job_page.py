"""The page of a job: why it stands still, what it did, and what its member may do about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.members.models import Role
from tests.factories import make_person
from tests.pages_training.conftest import collecting_with
from training.contributions.models import WeightsPart, WeightsUpload
from training.jobs.models import Job, JobMetric
from training.nodes.models import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def working(dataset):
    return collecting_with(1)


def path(loom):
    return f"/rounds/{loom.round.pk}/jobs/{loom.job.pk}/"


def text_of(client, address):
    return client.get(address).content.decode()


def owner(client, loom, role=Role.MAINTAINER):
    client.force_login(make_person(loom.nodes[0].node.member, role))
    return client


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({"state": "paused", "lease_until": None}, "paused", "has paused the job"),
        (
            {"state": "queued", "lease_until": None, "held_code": "outside-hours"},
            "held",
            "lets it work at other hours",
        ),
        (
            {"state": "queued", "lease_until": None, "not_before": timezone.now() + timedelta(hours=1)},
            "resting",
            "Not before",
        ),
        ({"lease_until": timezone.now() - timedelta(minutes=1)}, "away", "has been silent since"),
    ],
)
def test_a_job_that_stands_still_says_why(working, client, changes, state, words):
    Job.objects.filter(pk=working.job.pk).update(**changes)
    for address in (path(working), f"/rounds/{working.round.pk}/live/"):
        text = text_of(client, address)
        assert f'data-state="{state}"' in text
        assert words in text


def test_a_node_that_is_silent_for_long_is_away(working, client):
    Node.objects.update(last_seen_at=timezone.now() - timedelta(days=3))
    Job.objects.update(dispatched_at=None, created_at=timezone.now() - timedelta(days=3))
    assert "Nothing has been heard of the node" in text_of(client, path(working))


def test_a_commitment_shows_how_much_has_come(working, client):
    node, job = working.nodes[0], working.job
    assert node.contribute(job, node.contribution(job, b"delta")).status_code == 201
    upload = WeightsUpload.objects.create(job=job, sha256="0" * 64, bytes=10, part_bytes=4, handle="a")
    WeightsPart.objects.create(upload=upload, number=0)
    assert "1 of 3 parts of its update are here." in text_of(client, path(working))
    assert "bytes are still on their way" in text_of(client, working.contribution.get_absolute_url())


def test_figures_stand_where_the_node_tells_them(working, client):
    JobMetric.objects.create(
        job=working.job,
        attempt=1,
        step=4,
        loss=1.5,
        tokens_per_second=512,
        tokens=4096,
        memory_bytes=2 * 10**9,
        gradient_norm=0.75,
        joules=36_000,
    )
    Job.objects.filter(pk=working.job.pk).update(step=4, steps=5)
    text = text_of(client, f"/rounds/{working.round.pk}/live/")
    for words in ("4,096 tokens", "2.00\xa0GB of memory", "gradient 0.75", "36.0\xa0kJ", "about 2 s left"):
        assert words in text, words


def test_its_member_pauses_it_lets_it_go_on_and_calls_it_off(working, client):
    owner(client, working)
    for verb, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")):
        assert "?</h1>" in text_of(client, f"{path(working)}{verb}/")
        assert client.post(f"{path(working)}{verb}/", {"cause": "The room is warm."}).status_code == 302
        assert working.job.state == state
    assert "Job paused by its member" in text_of(client, path(working))


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_inv_7_nobody_else_steers_it(working, client, verb):
    address = f"{path(working)}{verb}/"
    assert "/accounts/login/" in client.post(address).url
    client.force_login(make_person("onlookers", Role.MAINTAINER))
    assert client.post(address, {"cause": ""}).status_code == 403
    assert owner(client, working, Role.RESEARCHER).post(address).status_code == 403
    assert working.job.state == "running"


def test_a_job_that_has_ended_offers_nothing(loom, client):
    text = text_of(owner(client, loom), path(loom))
    assert "Pause the job" not in text
    assert client.post(f"{path(loom)}pause/").status_code == 403


def test_what_a_node_says_about_a_hold_is_for_the_consortium(working, client):
    Job.objects.filter(pk=working.job.pk).update(
        state="queued", lease_until=None, held_code="disk-full", held_reason="/srv has 3 MB left"
    )
    assert "3 MB left" not in text_of(client, path(working))
    assert "3 MB left" in text_of(owner(client, working), path(working))
