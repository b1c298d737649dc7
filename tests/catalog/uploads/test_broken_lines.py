"""What arrived stays, two at once are one, and a file larger than a part is cut into parts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from catalog.members.actors import actor_of
from catalog.proposals.taking_in import take_in
from catalog.uploads import services
from catalog.uploads.ending import cancel_upload, sweep_uploads
from catalog.uploads.models import Upload, UploadPart
from catalog.uploads.services import receive_bytes
from provenance.blobs import get_store
from provenance.errors import Conflict, NotFound
from tests.catalog.uploads.conftest import files_in, sha256

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = bytes(range(256)) * 40


def reading(content, *, then=b""):
    """A stream of ``content``; after it, an end or an error."""
    rest = bytearray(content)

    def read(most):
        if not rest and isinstance(then, Exception):
            raise then
        taken = bytes(rest[:most])
        del rest[:most]
        return taken

    return read


@pytest.mark.parametrize("end", [b"", ConnectionResetError("the line broke")])
def test_what_arrived_before_the_line_broke_is_kept(tus, steward, end):
    tus.new(len(TEXT))
    upload = Upload.objects.get()
    upload = receive_bytes(
        actor=actor_of(steward), upload=upload, offset=0, read=reading(TEXT[:5000], then=end)
    )
    assert upload.received == 5000
    upload = receive_bytes(actor=actor_of(steward), upload=upload, offset=5000, read=reading(TEXT[5000:]))
    assert upload.completed_at
    assert get_store().exists(sha256(TEXT))


def test_a_long_body_is_kept_part_by_part(tus, steward, monkeypatch, parts):
    monkeypatch.setattr(services, "PART_BYTES", 1000)
    tus.new(len(TEXT))
    upload = receive_bytes(
        actor=actor_of(steward), upload=Upload.objects.get(), offset=0, read=reading(TEXT[:3500])
    )
    assert upload.received == 3500
    assert list(UploadPart.objects.values_list("offset", "bytes")) == [
        (0, 1000),
        (1000, 1000),
        (2000, 1000),
        (3000, 500),
    ]
    assert len(files_in(parts)) == 4


def test_the_same_bytes_in_two_uploads_do_not_share_a_part(tus, parts):
    first, second = tus.new(len(TEXT), "a.bin"), tus.new(len(TEXT), "b.bin")
    for address in (first, second):
        tus.patch(address, 0, TEXT[:100])
    tus.delete(first)
    tus.patch(second, 100, TEXT[100:])
    assert get_store().exists(sha256(TEXT))


@pytest.mark.parametrize("size", [100, len(TEXT)])
def test_of_two_at_the_same_offset_one_wins(tus, steward, parts, size):
    tus.new(len(TEXT))
    upload = Upload.objects.select_related("proposal").get()
    both = Barrier(2)

    def send():
        both.wait()
        try:
            return receive_bytes(
                actor=actor_of(steward), upload=upload, offset=0, read=reading(TEXT[:size])
            ).received
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: send(), range(2)))
    assert sorted(map(str, answers)) == sorted([str(size), "offset-differs"])
    assert len(files_in(parts)) == (1 if size == 100 else 0)


def test_a_file_that_can_not_be_attached_leaves_the_upload_where_it_was(tus, steward, parts):
    first, second = tus.new(len(TEXT)), tus.new(len(TEXT))
    for address in (first, second):
        tus.patch(address, 0, TEXT[:100])
    tus.patch(first, 100, TEXT[100:])
    answer = tus.patch(second, 100, TEXT[100:])
    assert (answer.status_code, answer.json()["code"]) == (422, "path-taken")
    assert (tus.offset(second), len(files_in(parts))) == (100, 1)


def test_the_sweep_forgets_what_nobody_continued_for_a_week(tus, parts):
    tus.patch(tus.new(len(TEXT)), 0, TEXT[:100])
    Upload.objects.update(touched_at=timezone.now() - timedelta(days=8))
    assert (sweep_uploads(), Upload.objects.count(), files_in(parts)) == (1, 0, [])


def test_an_upload_that_is_cancelled_while_it_is_put_together_is_not_there_any_more(
    tus, steward, monkeypatch, parts
):
    tus.new(len(TEXT))
    upload, actor = Upload.objects.get(), actor_of(steward)
    upload = receive_bytes(actor=actor, upload=upload, offset=0, read=reading(TEXT[:5000]))

    def cancelled_first(*args):
        cancel_upload(actor=actor, upload=upload)
        return take_in(*args)

    monkeypatch.setattr(services, "take_in", cancelled_first)
    with pytest.raises(NotFound):
        receive_bytes(actor=actor, upload=upload, offset=5000, read=reading(TEXT[5000:]))
    assert files_in(parts) == []
