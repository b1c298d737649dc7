"""Parts of a blob to be, as a multipart upload to a key under `incoming/`."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from typing import Any

from provenance.blobs.s3_service import working
from provenance.blobs.staging import INCOMING, Arrived, StagingMissing
from provenance.blobs.store import Blob, BlobMismatch, checked_digest

ADDRESS_SECONDS = 3600
READ_BYTES = 1 << 20


class S3Staging:
    """The Staging of an S3Store. A handle is the key's last word and the service's name of the upload.

    The service shows nothing of an upload before it is complete, not even to us: it is completed under a key
    of its own, read and hashed, and copied to its address by the service. After the completion no address
    that we signed writes to it any more, so what was hashed is what is copied.
    """

    least_part_bytes = 5 << 20

    def __init__(self, client: Any, outside: Any, bucket: str, prefix: str) -> None:
        self._client, self._outside = client, outside
        self._bucket, self._prefix = bucket, prefix

    def begin(self, *, size: int) -> str:  # noqa: ARG002 - a bucket has no room to take
        """See Staging."""
        token = secrets.token_hex(16)
        with working(self._bucket):
            made = self._client.create_multipart_upload(Bucket=self._bucket, Key=self._key(token))
        return f"{token} {made['UploadId']}"

    def write(self, handle: str, number: int, offset: int, chunks: Iterable[bytes]) -> str:  # noqa: ARG002
        """See Staging. One part is held in memory."""
        body = b"".join(chunks)
        with self._found(handle):
            answer = self._client.upload_part(**self._target(handle), PartNumber=number + 1, Body=body)
        return str(answer["ETag"])

    def arrived(self, handle: str) -> Mapping[int, Arrived]:
        """See Staging."""
        parts: dict[int, Arrived] = {}
        with self._found(handle):
            for page in self._client.get_paginator("list_parts").paginate(**self._target(handle)):
                for part in page.get("Parts", []):
                    parts[int(part["PartNumber"]) - 1] = Arrived(str(part["ETag"]), int(part["Size"]))
        return parts

    def address(self, handle: str, number: int, *, size: int) -> str:
        """See Staging. The length is signed too, which not every service looks at."""
        if self._outside is None:
            return ""
        wanted = {**self._target(handle), "PartNumber": number + 1, "ContentLength": size}
        return str(
            self._outside.generate_presigned_url("upload_part", Params=wanted, ExpiresIn=ADDRESS_SECONDS)
        )

    def publish(self, handle: str, *, sha256: str, receipts: Mapping[int, str]) -> Blob:
        """See Staging."""
        checked_digest(sha256)
        key = self._key(handle.partition(" ")[0])
        self._complete(handle, receipts)
        with self._found(handle):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        found, size = hashlib.sha256(), 0
        with working(self._bucket):
            for chunk in answer["Body"].iter_chunks(READ_BYTES):
                found.update(chunk)
                size += len(chunk)
        if found.hexdigest() != sha256:
            self._delete(key)
            raise BlobMismatch(f"The parts hash to {found.hexdigest()}, but {sha256} was announced.")
        with self._found(handle):
            target = f"{self._prefix}blobs/{sha256[:2]}/{sha256}"
            self._client.copy({"Bucket": self._bucket, "Key": key}, self._bucket, target)
        self._delete(key)
        return Blob(sha256, size)

    def discard(self, handle: str) -> None:
        """See Staging."""
        with suppress(StagingMissing), self._found(handle):
            self._client.abort_multipart_upload(**self._target(handle))
        self._delete(self._key(handle.partition(" ")[0]))

    def sweep(self, before: datetime) -> int:
        """See Staging."""
        gone = 0
        for upload in self._listed("list_multipart_uploads", "Uploads"):
            if upload["Initiated"] < before:
                self.discard(f"{upload['Key'].rpartition('/')[2]} {upload['UploadId']}")
                gone += 1
        for item in self._listed("list_objects_v2", "Contents"):
            if item["LastModified"] < before:
                self._delete(item["Key"])
                gone += 1
        return gone

    def _complete(self, handle: str, receipts: Mapping[int, str]) -> None:
        """Complete the upload; one that is complete already, by a call that died after this, is fine."""
        parts = [{"PartNumber": number + 1, "ETag": receipts[number]} for number in sorted(receipts)]
        with suppress(StagingMissing), self._found(handle):
            self._client.complete_multipart_upload(**self._target(handle), MultipartUpload={"Parts": parts})

    def _listed(self, operation: str, field: str) -> Iterator[dict[str, Any]]:
        with working(self._bucket):
            pages = self._client.get_paginator(operation)
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{self._prefix}{INCOMING}/"):
                yield from page.get(field, [])

    def _delete(self, key: str) -> None:
        with working(self._bucket):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def _key(self, token: str) -> str:
        return f"{self._prefix}{INCOMING}/{token}"

    def _target(self, handle: str) -> dict[str, str]:
        token, _, upload = handle.partition(" ")
        return {"Bucket": self._bucket, "Key": self._key(token), "UploadId": upload}

    def _found(self, handle: str) -> AbstractContextManager[None]:
        return working(self._bucket, StagingMissing(f"There is nothing under the handle {handle}."))
