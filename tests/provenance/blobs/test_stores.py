"""What is particular to each store, and how one is chosen."""

import hashlib
import resource
import stat
import subprocess
import sys

import pytest

from provenance.blobs import get_store, open_store
from provenance.blobs.directory import DirectoryStore
from provenance.blobs.s3 import S3Store
from provenance.blobs.store import BlobMissing, BlobStoreError

HELLO = b"hello"
ADDRESS = hashlib.sha256(HELLO).hexdigest()


def test_a_blob_s_file_cannot_be_written_by_mistake(directory_store, tmp_path):
    directory_store.put([HELLO])
    path = tmp_path / "blobs" / ADDRESS[:2] / ADDRESS
    assert stat.S_IMODE(path.stat().st_mode) == 0o440
    with directory_store.local_path(ADDRESS) as local:
        assert local == path


def test_a_full_disk_is_the_operator_s_to_mend_and_leaves_nothing(directory_store, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(BlobStoreError, match="File too large") as refused:
            directory_store.put([b"x" * 600, b"y" * 600])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.code == "blob-store-unavailable"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_root_that_is_no_directory_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    store = DirectoryStore(tmp_path / "file")
    for use in (store.check, lambda: store.put([HELLO])):
        with pytest.raises(BlobStoreError, match="does not work"):
            use()


def test_a_blob_kept_by_one_process_is_seen_by_another(directory_store, tmp_path):
    code = "import sys, provenance.blobs as b; print(b.open_store(sys.argv[1]).put([b'hello']).sha256)"
    url = (tmp_path / "blobs").as_uri()
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ADDRESS
    assert directory_store.size(ADDRESS) == len(HELLO)


def test_a_temporary_copy_of_a_bucket_s_blob_is_removed_with_its_context(s3_store):
    s3_store.put([HELLO])
    with s3_store.local_path(ADDRESS) as path:
        assert path.read_bytes() == HELLO
    assert not path.exists()


def test_of_a_bucket_s_blob_only_the_wanted_stretches_are_fetched(s3_store):
    kept = s3_store.put([b"0123456789" * 1000])
    with s3_store.local_stretches(kept.sha256, [(0, 3), (9995, 20_000), (12_000, 13_000), (5, 5)]) as path:
        there = path.read_bytes()
    assert (there[:3], there[9995:], len(there)) == (b"012", b"56789", 10_000)
    assert set(there[3:9995]) == {0}
    assert not path.exists()
    with pytest.raises(BlobMissing), s3_store.local_stretches(ADDRESS, []):
        pass


def test_a_multipart_upload_is_invisible_until_its_hash_was_checked(s3_store):
    large = [bytes(6 * 1024 * 1024)] * 2
    address = hashlib.sha256(b"".join(large)).hexdigest()

    def watched():
        yield from large
        with pytest.raises(BlobMissing):
            s3_store.size(address)

    s3_store.put(watched(), expected_sha256=address)
    assert s3_store.size(address) == 12 * 1024 * 1024


@pytest.mark.parametrize("bucket", ["absent", "blobs"])
def test_a_bucket_that_is_missing_or_out_of_reach_is_reported(s3_url, bucket):
    endpoint = s3_url.partition("endpoint=")[2] if bucket == "absent" else "http://127.0.0.1:9"
    store = S3Store(bucket, endpoint=endpoint)
    for use in (store.check, lambda: store.open(ADDRESS).close()):
        with pytest.raises((BlobStoreError, BlobMissing)):
            use()
    with pytest.raises(BlobStoreError):
        store.check()


def test_a_url_chooses_the_store(tmp_path, s3_url):
    folder = tmp_path / "thư mục"
    open_store(folder.as_uri()).put([HELLO])
    assert (folder / ADDRESS[:2] / ADDRESS).read_bytes() == HELLO
    assert open_store(s3_url).check() == "The bucket blobs answers."
    assert open_store(s3_url) is open_store(s3_url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file://",
        "file:///",
        "file://host/path",
        "ftp://x/y",
        "s3://",
        "s3://key:secret@bucket",
        "s3://b?x=1",
        "s3://b?x",
    ],
)
def test_a_url_that_names_no_store_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError) as refused:
        open_store(url)
    assert "secret" not in str(refused.value)


def test_the_setting_chooses_the_store(settings, tmp_path):
    settings.BLOB_URL = (tmp_path / "one").as_uri()
    get_store().put([HELLO])
    assert get_store().exists(ADDRESS)
    settings.BLOB_URL = (tmp_path / "other").as_uri()
    assert not get_store().exists(ADDRESS)


def test_the_stores_load_without_django_and_files_without_boto3():
    code = "import sys, provenance.blobs; sys.exit(bool({'django', 'boto3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0


def test_a_room_is_a_store_of_its_own(settings, tmp_path):
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()
    kept = get_store("parts").put([HELLO])
    assert not get_store().exists(kept.sha256)
    assert get_store("parts").exists(kept.sha256)
    get_store().put([b"another"])
    assert get_store("parts") is get_store("parts")


def test_a_room_of_a_bucket_is_a_prefix(s3_url):
    parts = open_store(s3_url, "parts")
    kept = parts.put([HELLO])
    assert not open_store(s3_url).exists(kept.sha256)
    parts.delete(kept.sha256)
