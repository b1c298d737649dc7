"""One supervisor per `var` folder: a lock that the kernel lets go of, however its holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class AlreadyRunning(Exception):  # noqa: N818 - named for what is the case
    """Another live process holds the folder; the text names its process id and what to do."""


@contextmanager
def hold(path: Path, *, folder: Path) -> Iterator[None]:
    """Hold the lock at `path` for the folder it protects.

    Raises:
        AlreadyRunning: another process holds it. One that was killed does not: flock(2) ended with it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise AlreadyRunning(
                f"{folder} is in use by process {holder}. "
                f"Stop it (kill {holder}), or use another folder: TAPESTRY_VAR=/some/other/folder"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            with suppress(OSError):
                file.truncate(0)
