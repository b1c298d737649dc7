"""The client of an S3-compatible service, and its errors in the words of our stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from provenance.blobs.store import BlobError, BlobStoreError

ABSENT = {"NoSuchKey", "NoSuchUpload", "NotFound", "404"}


def connect(endpoint: str | None, region: str | None) -> Any:
    """Return a client. Credentials come from the standard AWS environment variables or files."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        # Services other than Amazon's often know neither bucket host names nor the newer checksums.
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"} if endpoint else {},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"mode": "standard", "max_attempts": 4},
            connect_timeout=5,
            read_timeout=60,
        ),
    )


@contextmanager
def working(bucket: str, missing: BlobError | None = None) -> Iterator[None]:
    """Turn an error of the service into one of the store: `missing`, where that is what it means."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if missing is not None and code_of(error) in ABSENT:
            raise missing from error
        raise BlobStoreError(f"The bucket {bucket} does not work: {error}") from error


def code_of(error: ClientError | BotoCoreError) -> str:
    """Return the service's own code; empty where it did not answer."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""
