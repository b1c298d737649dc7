"""Both blob stores: a directory, and a bucket."""

import secrets

import pytest

from provenance.blobs.directory import DirectoryStore

MIB = 1024 * 1024


@pytest.fixture
def directory_store(tmp_path):
    return DirectoryStore(tmp_path / "blobs")


@pytest.fixture
def s3_store(s3_url):
    """A store with parts of the smallest size and a prefix of its own for each test."""
    from provenance.blobs.s3 import S3Store

    prefix = f"{secrets.token_hex(4)}/"
    return S3Store("blobs", prefix=prefix, endpoint=s3_url.partition("endpoint=")[2], part_bytes=5 * MIB)


@pytest.fixture(params=["directory", "s3"])
def store(request):
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def leftovers(store):
    """Everything that the store holds, under whatever name, unfinished uploads included."""

    def names():
        if isinstance(store, DirectoryStore):
            return [path.name for path in store._root.rglob("*") if path.is_file()]
        listed = store._client.list_objects_v2(Bucket=store._bucket, Prefix=store._prefix).get("Contents", [])
        uploads = store._client.list_multipart_uploads(Bucket=store._bucket).get("Uploads", [])
        return [item["Key"].rpartition("/")[2] for item in [*listed, *uploads]]

    return names
