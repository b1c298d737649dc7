"""The one place for large bytes: a content-addressed store behind one small interface (DESIGN.md §4)."""

from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from provenance.blobs.directory import DirectoryStore
from provenance.blobs.store import BlobStore

Room = Literal["", "parts", "ranges"]


def get_store(room: Room = "") -> BlobStore:
    """Return the store that the setting BLOB_URL names; the same one as long as it names the same.

    ``room`` is a store of its own inside it: nothing that lies in ``parts`` or
    ``ranges``, of large merges, is a blob of the catalog yet.
    """
    from django.conf import settings

    return open_store(settings.BLOB_URL, room)


@lru_cache(maxsize=8)
def open_store(url: str, room: Room = "") -> BlobStore:
    """Return the store at `url`: `file:///path`, or `s3://bucket/prefix?endpoint=https://…&region=…`.

    A room is a folder of the directory, or goes behind the bucket's prefix. With `public=https://…`, the
    endpoint as nodes reach it, nodes may get addresses signed for a short time and ask the service itself.

    Raises:
        ValueError: another form. The message does not repeat the URL, which may hold something secret.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and len(parts.path) > 1:
        return DirectoryStore(Path(unquote(parts.path)) / room)
    if parts.scheme == "s3" and parts.hostname and not parts.username:
        prefix = "/".join(filter(None, [parts.path.strip("/"), room]))
        return _open_bucket(parts.netloc, prefix, parse_qs(parts.query, strict_parsing=bool(parts.query)))
    raise ValueError("BLOB_URL has to be file:///path or s3://bucket/prefix?endpoint=https://…&region=…")


def _open_bucket(bucket: str, prefix: str, options: dict[str, list[str]]) -> BlobStore:
    # boto3 takes a quarter of a second to import, for nothing where blobs are files.
    from provenance.blobs.s3 import S3Store

    unknown = options.keys() - {"endpoint", "region", "public"}
    if unknown:
        raise ValueError(f"BLOB_URL has unknown options: {', '.join(sorted(unknown))}.")
    return S3Store(
        bucket,
        prefix=f"{prefix}/" if prefix else "",
        endpoint=options.get("endpoint", [None])[0],
        region=options.get("region", [None])[0],
        public=options.get("public", [None])[0],
    )
