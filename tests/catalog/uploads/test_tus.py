"""tus 1.0.0, as a client that knows nothing of us speaks it."""

import base64
import hashlib
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.test import Client
from django.utils import timezone

from catalog.uploads.models import Upload
from provenance.blobs import get_store
from provenance.events.models import Event
from tests.catalog.uploads.conftest import files_in, sha256

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Mọi người sinh ra đều tự do.\n".encode() * 50


def test_a_file_in_three_parts_is_attached_with_its_own_sha256(tus, parts):
    address = tus.new(len(TEXT))
    for start, end in ((0, 100), (100, 700), (700, len(TEXT))):
        answer = tus.patch(address, start, TEXT[start:end])
        assert (answer.status_code, int(answer["Upload-Offset"])) == (204, end)
    tus.proposal.refresh_from_db()
    (file,) = tus.proposal.files
    assert (file["path"], file["language"], file["records"]) == ("vi.txt", "vi", 50)
    assert file["sha256"] == sha256(TEXT)
    assert get_store().size(sha256(TEXT)) == len(TEXT)
    assert files_in(parts) == []


def test_after_a_pause_the_server_says_where_to_go_on(tus):
    address = tus.new(len(TEXT))
    tus.patch(address, 0, TEXT[:321])
    assert tus.offset(address) == 321


def test_a_repetition_changes_nothing_and_is_told_so(tus):
    address = tus.new(len(TEXT))
    tus.patch(address, 0, TEXT[:900])
    tus.patch(address, 900, TEXT[900:])
    assert tus.patch(address, 900, TEXT[900:]).status_code == 409
    assert tus.offset(address) == len(TEXT)
    assert tus.patch(address, len(TEXT), b"").status_code == 204
    assert Event.objects.filter(action="proposal.files-attached").count() == 1


def test_a_body_beyond_the_announced_size_is_refused_unread(tus, parts):
    address = tus.new(10)
    assert tus.patch(address, 0, b"eleven byte").status_code == 413
    assert (tus.offset(address), files_in(parts)) == (0, [])


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_that_are_not_those_of_the_checksum_are_dropped(tus, algorithm, parts):
    address = tus.new(len(TEXT))
    right = base64.b64encode(hashlib.new(algorithm, TEXT[:9]).digest()).decode()
    for body, status, offset in ((b"other one", 460, 0), (TEXT[:9], 204, 9)):
        answer = tus.patch(address, 0, body, Upload_Checksum=f"{algorithm} {right}")
        assert (answer.status_code, tus.offset(address)) == (status, offset)
    assert len(files_in(parts)) == 1


@pytest.mark.parametrize("header", ["md5 abcd", "sha1", "sha1 ###"])
def test_a_checksum_of_another_form_is_malformed(tus, header):
    assert tus.patch(tus.new(9), 0, TEXT[:9], Upload_Checksum=header).status_code == 400


def test_a_cancelled_upload_leaves_no_byte(tus, parts):
    address = tus.new(len(TEXT))
    tus.patch(address, 0, TEXT[:100])
    assert tus.delete(address).status_code == 204
    assert files_in(parts) == []
    assert tus.patch(address, 100, TEXT[100:]).status_code == 404


def test_an_upload_says_when_it_expires_and_is_then_gone(tus):
    answer = tus.create(9)
    expires = parsedate_to_datetime(answer["Upload-Expires"])
    assert timedelta(days=6, hours=23) < expires - timezone.now() <= timedelta(days=7)
    Upload.objects.update(touched_at=timezone.now() - timedelta(days=8))
    assert tus.patch(answer["Location"], 0, TEXT[:9]).status_code == 404


@pytest.mark.parametrize(
    ("size", "status"),
    [(0, 422), (16 * 2**30, 201), (16 * 2**30 + 1, 413), ("ten", 400), ("-1", 400), ("9" * 30, 400)],
)
def test_the_announced_size_is_judged_before_a_byte_comes(tus, size, status):
    assert tus.create(size).status_code == status


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\texts\\vi.txt", "vi.txt"), ("a b.txt", "a b.txt")],
)
def test_only_the_last_part_of_a_path_is_a_name(tus, name, kept):
    tus.new(9, name)
    assert Upload.objects.get().path == kept


@pytest.mark.parametrize("metadata", ["filename ###", "filename /w==", "language dmk=", ""])
def test_metadata_that_name_no_file_are_refused(tus, metadata):
    assert tus.create(9, Upload_Metadata=metadata).status_code in {400, 422}


def test_a_draft_has_a_limited_number_of_unfinished_uploads(tus):
    for number in range(20):
        tus.new(9, f"{number}.txt")
    answer = tus.create(9, "one-more.txt")
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-uploads")


def test_a_name_that_is_attached_already_is_refused(tus):
    tus.patch(tus.new(9), 0, TEXT[:9])
    assert tus.create(9).json()["code"] == "path-taken"


def test_another_version_of_the_protocol_is_refused_with_ours(tus):
    answer = tus.create(9, Tus_Resumable="0.2.2")
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_the_server_tells_what_it_can_and_its_version_with_every_answer(tus):
    answer = tus.browser.options(tus.address)
    assert answer["Tus-Extension"] == "creation,termination,expiration,checksum"
    missing = f"{tus.address}{'0' * 8}-0000-4000-8000-{'0' * 12}/"
    for each in (answer, tus.create(0), tus.patch(missing, 0, b"")):
        assert each["Tus-Resumable"] == "1.0.0"


def test_a_client_that_may_only_post_names_the_method_it_means(tus):
    address = tus.new(9)
    headers = {"Upload_Offset": 0, "X_HTTP_Method_Override": "PATCH"}
    assert tus._send("POST", address, TEXT[:9], **headers).status_code == 204
    assert tus.offset(address) == 9


def test_another_type_of_body_is_refused(tus):
    answer = tus.browser.patch(
        tus.new(9), TEXT[:9], content_type="text/plain", headers={"Tus-Resumable": "1.0.0"}
    )
    assert answer.status_code == 415


def test_without_the_token_of_the_page_nothing_is_changed(tus, steward):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(steward)
    address = tus.new(9)
    tus.browser = strict
    assert tus.create(9).status_code == 403
    assert tus.patch(address, 0, TEXT[:9]).status_code == 403
    assert tus.delete(address).status_code == 403
    assert tus.offset(address) == 0
