"""Large files on their way between the blob store and code that wants a path."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from provenance.blobs import get_store

CHUNK: Final = 1 << 20


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for one piece of work, on the disk that the program may write to, gone afterwards."""
    parent = Path(settings.VAR) / "scratch"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        yield Path(folder)


def store_file(path: Path, *, sha256: str) -> None:
    """Put a file into the blob store, where it is known to belong; a file that is there already costs a read.

    Raises:
        BlobMismatch: the file changed since it was hashed. BlobStoreError: the store does not work.
    """
    with path.open("rb") as file:
        get_store().put(iter(lambda: file.read(CHUNK), b""), expected_sha256=sha256)
