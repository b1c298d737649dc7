"""Blobs in a bucket of any S3-compatible service, under the keys `<prefix>blobs/ab/abcd…`."""

import io
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError

from provenance.blobs.s3_service import code_of, connect, working
from provenance.blobs.s3_staging import S3Staging
from provenance.blobs.store import Blob, BlobMissing, Intake, Stretch, checked_digest

# S3 allows 10,000 parts of at least 5 MiB: 16 MiB make 156 GiB, and one part is held in memory.
PART_BYTES = 16 * 1024 * 1024
READ_BYTES = 1024 * 1024
READ_SECONDS = 15 * 60
BEYOND_THE_END = {"InvalidRange", "416"}


class S3Store:
    """A BlobStore in `bucket`. Credentials come from the standard AWS environment variables or files."""

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        public: str | None = None,
        part_bytes: int = PART_BYTES,
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._part_bytes = part_bytes
        self._client: Any = connect(endpoint, region)
        # Signs addresses for others under the name by which they reach the service; it never connects.
        self._outside: Any = connect(public, region) if public else None
        self.staging = S3Staging(self._client, self._outside, bucket, prefix)

    def __repr__(self) -> str:
        return f"S3Store({self._bucket}, prefix={self._prefix!r})"

    def put(
        self, chunks: Iterable[bytes], *, expected_sha256: str | None = None, max_bytes: int | None = None
    ) -> Blob:
        """See BlobStore. What fits into one part is put at once; more goes up in parts as it comes.

        A multipart upload is invisible until it is completed. Where the address is known beforehand, the
        parts therefore go straight to it and are completed after the hash was checked; where it is not, they
        become an object under `incoming/` that is copied to its address by the service and then removed.
        """
        intake = Intake(expected_sha256=expected_sha256, max_bytes=max_bytes)
        parts = _in_parts(intake.passing(chunks), self._part_bytes)
        first = next(parts, b"")
        second = next(parts, None)
        if second is None:
            blob = intake.blob()
            with self._working():
                self._client.put_object(Bucket=self._bucket, Key=self._key(blob.sha256), Body=first)
            return blob
        if expected_sha256 is not None:
            return self._upload(self._key(expected_sha256), intake, chain([first, second], parts))
        draft = f"{self._prefix}incoming/{secrets.token_hex(16)}"
        blob = self._upload(draft, intake, chain([first, second], parts))
        try:
            with self._working():
                source = {"Bucket": self._bucket, "Key": draft}
                self._client.copy(source, self._bucket, self._key(blob.sha256))
        finally:
            with self._working():
                self._client.delete_object(Bucket=self._bucket, Key=draft)
        return blob

    def open(self, sha256: str, *, start: int = 0) -> BinaryIO:
        """See BlobStore."""
        if start < 0:
            raise ValueError("A blob is read from offset 0 or later.")
        part = {"Range": f"bytes={start}-"} if start else {}
        key = self._key(sha256)
        with self._working(sha256):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key, **part)
            except ClientError as error:
                if code_of(error) in BEYOND_THE_END:
                    return io.BytesIO()
                raise
        return cast("BinaryIO", io.BufferedReader(answer["Body"], READ_BYTES))

    def size(self, sha256: str) -> int:
        """See BlobStore."""
        key = self._key(sha256)
        with self._working(sha256):
            return int(self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"])

    def exists(self, sha256: str) -> bool:
        """See BlobStore."""
        try:
            self.size(sha256)
        except BlobMissing:
            return False
        return True

    def delete(self, sha256: str) -> None:
        """See BlobStore."""
        key = self._key(sha256)
        with self._working():
            self._client.delete_object(Bucket=self._bucket, Key=key)

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        """See BlobStore. It is a copy in the folder for temporary files, removed with the context."""
        key = self._key(sha256)
        with tempfile.NamedTemporaryFile(prefix="blob-") as file:
            with self._working(sha256):
                self._client.download_fileobj(self._bucket, key, file)
            file.flush()
            yield Path(file.name)

    @contextmanager
    def local_stretches(self, sha256: str, stretches: Iterable[Stretch]) -> Iterator[Path]:
        """See BlobStore. It is a file with holes in the folder for temporary files."""
        key, size = self._key(sha256), self.size(sha256)
        with tempfile.NamedTemporaryFile(prefix="blob-") as file:
            file.truncate(size)
            for begin, end in stretches:
                if begin >= min(end, size):
                    continue
                with self._working(sha256):
                    part = f"bytes={begin}-{min(end, size) - 1}"
                    answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=part)
                    file.seek(begin)
                    shutil.copyfileobj(answer["Body"], file, READ_BYTES)
            file.flush()
            yield Path(file.name)

    def address(self, sha256: str) -> str:
        """See BlobStore."""
        key = self._key(sha256)
        if self._outside is None:
            return ""
        target = {"Bucket": self._bucket, "Key": key}
        return str(self._outside.generate_presigned_url("get_object", Params=target, ExpiresIn=READ_SECONDS))

    def check(self) -> str:
        """See BlobStore."""
        with self._working():
            self._client.head_bucket(Bucket=self._bucket)
        return f"The bucket {self._bucket} answers."

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}blobs/{checked_digest(sha256)[:2]}/{sha256}"

    def _upload(self, key: str, intake: Intake, parts: Iterable[bytes]) -> Blob:
        """Upload in parts and complete the object only if all came in as announced."""
        with self._working():
            upload = self._client.create_multipart_upload(Bucket=self._bucket, Key=key)["UploadId"]
        target = {"Bucket": self._bucket, "Key": key, "UploadId": upload}
        try:
            done = []
            for number, part in enumerate(parts, start=1):
                with self._working():
                    answer = self._client.upload_part(**target, PartNumber=number, Body=part)
                done.append({"PartNumber": number, "ETag": answer["ETag"]})
            blob = intake.blob()
            with self._working():
                self._client.complete_multipart_upload(**target, MultipartUpload={"Parts": done})
        except BaseException:
            # What went wrong matters more than that the parts could not be dropped: a bucket's rule for
            # incomplete uploads gets them.
            with suppress(ClientError, BotoCoreError):
                self._client.abort_multipart_upload(**target)
            raise
        return blob

    def _working(self, sha256: str | None = None) -> AbstractContextManager[None]:
        missing = None if sha256 is None else BlobMissing(f"There is no blob {sha256}.")
        return working(self._bucket, missing)


def _in_parts(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes in parts of exactly `size`, the last one shorter."""
    part = bytearray()
    for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            taken = rest[: size - len(part)]
            part += taken
            rest = rest[len(taken) :]
            if len(part) == size:
                yield bytes(part)
                part.clear()
    if part:
        yield bytes(part)
