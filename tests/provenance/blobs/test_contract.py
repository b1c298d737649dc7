"""What both blob stores promise, tried on both."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from provenance.blobs.store import Blob, BlobDigestError, BlobMismatch, BlobMissing, BlobTooLarge

HELLO = b"Xin ch\xc3\xa0o"
ADDRESS = hashlib.sha256(HELLO).hexdigest()
ABSENT = "0" * 64
MIB = 1024 * 1024
# More than two parts of the smallest size that S3 allows, in chunks that do not fit into them evenly.
LARGE = [bytes([n]) * (3 * MIB + 1) for n in range(4)]
LARGE_ADDRESS = hashlib.sha256(b"".join(LARGE)).hexdigest()


def content(store, sha256, **options):
    with store.open(sha256, **options) as stream:
        return stream.read()


@pytest.mark.parametrize("chunks", [[HELLO], [HELLO[:3], b"", HELLO[3:]]])
def test_bytes_are_found_under_their_hash(store, chunks):
    blob = store.put(iter(chunks))
    assert blob == Blob(ADDRESS, len(HELLO))
    assert content(store, ADDRESS) == HELLO
    assert store.exists(ADDRESS)
    assert store.size(ADDRESS) == len(HELLO)


def test_no_bytes_are_a_blob_too(store):
    blob = store.put([])
    assert blob == Blob(hashlib.sha256().hexdigest(), 0)
    assert content(store, blob.sha256) == b""
    assert content(store, blob.sha256, start=1) == b""


@pytest.mark.parametrize("expected", [None, LARGE_ADDRESS])
def test_large_blobs_arrive_whole_and_leave_no_draft(store, leftovers, expected):
    assert store.put(LARGE, expected_sha256=expected) == Blob(LARGE_ADDRESS, 4 * (3 * MIB + 1))
    assert content(store, LARGE_ADDRESS) == b"".join(LARGE)
    assert leftovers() == [LARGE_ADDRESS]


def test_the_same_bytes_twice_are_one_blob(store, leftovers):
    assert store.put([HELLO]) == store.put([HELLO], expected_sha256=ADDRESS)
    assert leftovers() == [ADDRESS]


def test_writers_of_the_same_bytes_do_not_disturb_each_other(store, leftovers):
    with ThreadPoolExecutor(4) as pool:
        blobs = list(pool.map(lambda _: store.put([HELLO]), range(12)))
    assert set(blobs) == {Blob(ADDRESS, len(HELLO))}
    assert leftovers() == [ADDRESS]


@pytest.mark.parametrize("chunks", [[HELLO], LARGE])
def test_other_bytes_than_announced_are_refused_and_nothing_stays(store, leftovers, chunks):
    with pytest.raises(BlobMismatch, match=ABSENT):
        store.put(chunks, expected_sha256=ABSENT)
    assert not store.exists(ABSENT)
    assert leftovers() == []


def test_other_bytes_do_not_replace_a_blob_that_is_there(store):
    store.put([HELLO])
    with pytest.raises(BlobMismatch):
        store.put([b"forged"], expected_sha256=ADDRESS)
    assert content(store, ADDRESS) == HELLO


@pytest.mark.parametrize(("chunks", "limit"), [([HELLO], 3), (LARGE, 11 * MIB)])
def test_too_many_bytes_are_refused_and_the_rest_is_not_read(store, leftovers, chunks, limit):
    unread = iter([*chunks, b"never asked for", b"nor this"])
    with pytest.raises(BlobTooLarge):
        store.put(unread, max_bytes=limit)
    assert b"nor this" in unread
    assert leftovers() == []


def test_the_limit_itself_is_allowed(store):
    assert store.put([HELLO], max_bytes=len(HELLO)).size == len(HELLO)


@pytest.mark.parametrize("before", [1, 12 * MIB])
def test_a_stream_that_breaks_off_leaves_nothing_and_raises_its_own_error(store, leftovers, before):
    def broken():
        yield bytes(before)
        raise ConnectionResetError("the sender went away")

    with pytest.raises(ConnectionResetError):
        store.put(broken())
    assert leftovers() == []


@pytest.mark.parametrize(
    ("start", "rest"), [(0, HELLO), (4, HELLO[4:]), (len(HELLO), b""), (len(HELLO) + 9, b"")]
)
def test_reading_may_start_anywhere(store, start, rest):
    store.put([HELLO])
    assert content(store, ADDRESS, start=start) == rest


def test_reading_cannot_start_before_the_beginning(store):
    store.put([HELLO])
    with pytest.raises(ValueError, match="offset"):
        store.open(ADDRESS, start=-1)


def test_a_blob_streams_in_pieces(store):
    store.put(LARGE)
    with store.open(LARGE_ADDRESS) as stream:
        assert stream.read(5) == bytes(5)
        assert len(stream.read(2 * MIB)) == 2 * MIB
        assert len(stream.read()) == 12 * MIB + 4 - 2 * MIB - 5


def test_a_local_path_holds_the_bytes_for_a_while(store):
    store.put(LARGE)
    with store.local_path(LARGE_ADDRESS) as path:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == LARGE_ADDRESS


def test_a_deleted_blob_is_gone_and_deleting_it_again_does_nothing(store, leftovers):
    store.put([HELLO])
    store.delete(ADDRESS)
    store.delete(ADDRESS)
    assert not store.exists(ADDRESS)
    assert leftovers() == []


def test_what_is_missing_is_called_missing(store):
    for ask in (store.open, store.size, lambda sha256: store.local_path(sha256).__enter__()):
        with pytest.raises(BlobMissing, match=f"There is no blob {ABSENT}") as missing:
            ask(ABSENT)
        assert isinstance(missing.value, KeyError)
    assert not store.exists(ABSENT)


@pytest.mark.parametrize(
    "address", ["", "../../etc/passwd", ADDRESS.upper(), ADDRESS[:-1], ADDRESS + "\n", "/" * 64]
)
def test_no_path_can_be_smuggled_in_as_an_address(store, address):
    asks = (store.open, store.size, store.exists, store.delete)
    for ask in (*asks, lambda sha256: store.local_path(sha256).__enter__()):
        with pytest.raises(BlobDigestError):
            ask(address)
    with pytest.raises(BlobDigestError):
        store.put([HELLO], expected_sha256=address)


def test_a_store_that_works_says_so_in_a_sentence(store):
    assert store.check().endswith(".")
