"""Parts of an update come in any order and again; only what the job committed to becomes its contribution."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.blobs import get_store
from tests.training.api.signing_node import SigningNode, delta
from training.contributions.models import Contribution, WeightsPart, WeightsUpload
from training.contributions.sweeping import sweep_uploads
from training.jobs.endings import end_job
from training.jobs.states import JobState
from training.nodes.models import Node

pytestmark = pytest.mark.django_db
PART = 4096
WEIGHTS = delta(1)
PARTS = range(-(-len(WEIGHTS) // PART))
BYTES = "application/octet-stream"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A store of each test's own, so that what is left in it is this test's."""
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()


@pytest.fixture
def job(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert node.contribute(job, node.contribution(job, WEIGHTS)).status_code == 201
    return job


def address(job, rest=""):
    return f"/api/v1/jobs/{job.pk}/weights/{rest}"


def begin(node, job, weights=WEIGHTS, part_bytes=PART):
    body = {"attempt": 1, "sha256": hashlib.sha256(weights).hexdigest(), "bytes": len(weights)}
    return node.post(address(job), {**body, "part_bytes": part_bytes})


def send(node, job, number, content=None, **options):
    content = WEIGHTS[number * PART : (number + 1) * PART] if content is None else content
    return node.send("PUT", address(job, f"{number}?attempt=1"), content, kind=BYTES, **options)


def close(node, job):
    return node.post(address(job, "close"), {"attempt": 1})


def test_parts_in_any_order_and_twice_become_the_contribution(node, job):
    assert begin(node, job).json() == {"part_bytes": PART, "missing": list(PARTS)}
    for number in [*reversed(PARTS), 0]:
        assert send(node, job, number).status_code == 204
    assert close(node, job).json()["state"] == "received"
    assert get_store().size(hashlib.sha256(WEIGHTS).hexdigest()) == len(WEIGHTS)
    job.refresh_from_db()
    assert job.state == "succeeded"


def test_an_upload_goes_on_where_it_was_cut(node, job):
    begin(node, job)
    send(node, job, 1)
    assert begin(node, job).json()["missing"] == [n for n in PARTS if n != 1]
    assert node.get(address(job, "?attempt=1")).json()["missing"] == [n for n in PARTS if n != 1]


def test_closing_again_and_opening_again_after_the_end_tell_only_that_it_is_done(node, job):
    node.upload(job, WEIGHTS)
    assert close(node, job).json()["state"] == "received"
    assert begin(node, job).json()["missing"] == []
    assert Contribution.objects.count() == 1


def test_an_upload_with_missing_parts_is_not_closed(node, job):
    begin(node, job)
    send(node, job, 0)
    assert (close(node, job).status_code, close(node, job).json()["code"]) == (409, "parts-missing")


def test_a_part_that_is_not_what_was_signed_is_refused_and_stays_missing(node, job):
    begin(node, job)
    headers = node.signed("PUT", address(job, "0?attempt=1"), WEIGHTS[:PART])
    response = send(node, job, 0, b"x" * PART, headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "digest-mismatch")
    assert 0 in begin(node, job).json()["missing"]


def test_parts_that_are_not_the_committed_bytes_begin_anew(node, job):
    begin(node, job)
    for number in PARTS:
        send(node, job, number)
    WeightsPart.objects.filter(number=0).delete()
    send(node, job, 0, bytes(PART))
    assert close(node, job).json()["code"] == "weights-mismatch"
    assert begin(node, job).json()["missing"] == list(PARTS)
    assert node.upload(job, WEIGHTS).status_code == 200


@pytest.mark.parametrize(("number", "content"), [(0, b"short"), (0, bytes(PART + 1)), (len(PARTS), b"x")])
def test_parts_of_another_size_or_number_are_refused(node, job, number, content):
    begin(node, job)
    response = send(node, job, number, content)
    assert response.status_code == 422
    assert response.json()["code"] in ("part-size", "part-unknown")


def test_nothing_is_taken_before_the_commitment(node, round_):
    job = node.job(round_)
    node.claim(job)
    assert (begin(node, job).status_code, begin(node, job).json()["code"]) == (409, "commitment-missing")
    assert send(node, job, 0).json()["code"] == "commitment-missing"


def test_nothing_else_is_taken_than_what_was_committed_to(node, job):
    response = begin(node, job, delta(2))
    assert (response.status_code, response.json()["code"]) == (422, "weights-not-committed")


def test_without_an_upload_parts_and_the_end_are_refused(node, job):
    assert send(node, job, 0).json()["code"] == "upload-missing"
    assert close(node, job).json()["code"] == "upload-missing"


def test_another_node_s_upload_looks_like_none(node, job):
    begin(node, job)
    other = SigningNode()
    for response in (begin(other, job), send(other, job, 0), close(other, job)):
        assert (response.status_code, response.json()["code"]) == (404, "job-not-found")


@pytest.mark.parametrize("attempt", ["", "x", "999999", "-1", "2"])
def test_only_the_attempt_that_holds_the_job_sends(node, job, attempt):
    begin(node, job)
    response = node.send("PUT", address(job, f"0?attempt={attempt}"), WEIGHTS[:PART], kind=BYTES)
    assert response.status_code in (409, 422)


def test_no_more_parts_are_made_than_a_store_can_hold(node, job):
    assert begin(node, job, part_bytes=1).json()["part_bytes"] == 4096
    WeightsUpload.objects.all().delete()
    assert begin(node, job, part_bytes=2**50).json()["part_bytes"] == 256 << 20


def test_a_new_commitment_gives_the_old_upload_up(node, job):
    begin(node, job)
    old = WeightsUpload.objects.get().handle
    node.contribute(job, node.contribution(job, delta(2)))
    begin(node, job, delta(2))
    assert WeightsUpload.objects.get().handle != old
    get_store().staging.discard(WeightsUpload.objects.get().handle)
    assert get_store().staging.sweep(timezone.now() + timedelta(hours=1)) == 0


def test_uploads_of_ended_jobs_and_old_ones_are_swept(node, job):
    begin(node, job)
    assert sweep_uploads() == 0
    end_job(job, JobState.FAILED, code="gone", reason="it is over")
    assert sweep_uploads() == 1
    assert WeightsUpload.objects.count() == 0


def test_a_store_that_does_not_work_is_told_as_503_and_costs_nothing(node, job, settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    working, settings.BLOB_URL = settings.BLOB_URL, (tmp_path / "file").as_uri()
    response = begin(node, job)
    assert (response.status_code, response.json()["code"]) == (503, "blob-store-unavailable")
    settings.BLOB_URL = working
    assert node.upload(job, WEIGHTS).status_code == 200
    assert Node.objects.get(pk=node.node.pk).state == "active"
