"""Bytes in parts: any order, written again, and one blob in one step, in both stores."""

import hashlib
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from provenance.blobs.staging import StagingBusy, StagingMissing
from provenance.blobs.store import Blob, BlobMismatch, BlobMissing

PART = 5 * 1024 * 1024
PARTS = [bytes([number]) * PART for number in (1, 2)] + [b"the rest"]
WHOLE = b"".join(PARTS)
ADDRESS = hashlib.sha256(WHOLE).hexdigest()


@pytest.fixture
def handle(store):
    handle = store.staging.begin(size=len(WHOLE))
    yield handle
    store.staging.discard(handle)


def write(store, handle, number, content=None):
    return store.staging.write(handle, number, number * PART, [content or PARTS[number]])


def all_parts(store, handle, order=(2, 0, 1)):
    return {number: write(store, handle, number) for number in order}


def test_parts_in_any_order_become_one_blob_and_leave_no_draft(store, handle, leftovers):
    receipts = all_parts(store, handle)
    assert not store.exists(ADDRESS)
    assert store.staging.publish(handle, sha256=ADDRESS, receipts=receipts) == Blob(ADDRESS, len(WHOLE))
    with store.open(ADDRESS) as stream:
        assert stream.read() == WHOLE
    assert leftovers() == [ADDRESS]


def test_a_part_may_be_written_again(store, handle):
    write(store, handle, 1, b"x" * PART)
    receipts = all_parts(store, handle)
    assert store.staging.publish(handle, sha256=ADDRESS, receipts=receipts).sha256 == ADDRESS


def test_other_bytes_than_announced_are_discarded_whole(store, handle, leftovers):
    receipts = all_parts(store, handle)
    with pytest.raises(BlobMismatch):
        store.staging.publish(handle, sha256="0" * 64, receipts=receipts)
    assert leftovers() == []
    with pytest.raises(StagingMissing):
        write(store, handle, 0)


def test_what_was_published_can_not_be_written_to_any_more(store, handle):
    store.staging.publish(handle, sha256=ADDRESS, receipts=all_parts(store, handle))
    with pytest.raises(StagingMissing):
        write(store, handle, 0, b"forged")
    with pytest.raises(StagingMissing):
        store.staging.publish(handle, sha256=ADDRESS, receipts={})


def test_a_discarded_upload_is_gone_and_may_be_discarded_again(store, handle, leftovers):
    write(store, handle, 0)
    store.staging.discard(handle)
    store.staging.discard(handle)
    assert leftovers() == []


def test_only_what_nobody_touched_for_long_is_swept(store, handle, leftovers):
    write(store, handle, 0)
    assert store.staging.sweep(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert store.staging.sweep(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert leftovers() == []


def test_a_sender_that_breaks_off_raises_its_own_error_and_may_go_on(store, handle):
    def broken():
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.staging.write(handle, 0, 0, broken())
    receipts = all_parts(store, handle)
    assert store.staging.publish(handle, sha256=ADDRESS, receipts=receipts).sha256 == ADDRESS


def test_nothing_is_published_while_a_part_is_being_written(directory_store):
    handle = directory_store.staging.begin(size=4)
    begun, go_on = Event(), Event()

    def slowly():
        yield b"ab"
        begun.set()
        go_on.wait(10)
        yield b"cd"

    writer = Thread(target=directory_store.staging.write, args=(handle, 0, 0, slowly()))
    writer.start()
    begun.wait(10)
    with pytest.raises(StagingBusy):
        directory_store.staging.publish(handle, sha256=hashlib.sha256(b"abcd").hexdigest(), receipts={})
    go_on.set()
    writer.join()
    assert (
        directory_store.staging.publish(handle, sha256=hashlib.sha256(b"abcd").hexdigest(), receipts={}).size
        == 4
    )


@pytest.mark.parametrize("handle", ["", "../../etc/passwd", "0" * 32, "0" * 31 + "\n"])
def test_no_path_can_be_smuggled_in_as_a_handle(directory_store, handle):
    with pytest.raises(StagingMissing):
        directory_store.staging.write(handle, 0, 0, [b"x"])


@pytest.fixture
def public_store(s3_url):
    from provenance.blobs.s3 import S3Store

    endpoint = s3_url.partition("endpoint=")[2]
    return S3Store("blobs", prefix="public/", endpoint=endpoint, public=endpoint)


def put(url, content):
    with urllib.request.urlopen(urllib.request.Request(url, data=content, method="PUT")) as answer:
        return answer.headers["ETag"]


def test_parts_may_go_straight_to_the_service(public_store):
    staging = public_store.staging
    handle = staging.begin(size=len(WHOLE))
    for number, part in enumerate(PARTS):
        put(staging.address(handle, number, size=len(part)), part)
    arrived = staging.arrived(handle)
    assert [arrived[number].size for number in range(3)] == [PART, PART, 8]
    receipts = {number: part.receipt for number, part in arrived.items()}
    assert staging.publish(handle, sha256=ADDRESS, receipts=receipts).sha256 == ADDRESS
    with urllib.request.urlopen(public_store.address(ADDRESS)) as answer:
        assert answer.read() == WHOLE
    public_store.delete(ADDRESS)


def test_a_part_that_came_past_us_is_told_with_its_own_size(public_store):
    """The signature covers the length; a service that does not look at it is not believed."""
    handle = public_store.staging.begin(size=len(WHOLE))
    with suppress(urllib.error.HTTPError):
        put(public_store.staging.address(handle, 2, size=8), b"more than that")
    assert {part.size for part in public_store.staging.arrived(handle).values()} <= {14}
    public_store.staging.discard(handle)


def test_a_store_without_a_public_name_signs_no_address(store, handle):
    store.put([b"hello"])
    assert store.address(hashlib.sha256(b"hello").hexdigest()) == ""
    assert store.staging.address(handle, 0, size=PART) == ""
    with pytest.raises(BlobMissing):
        store.open("0" * 64)
