"""Making a folder of the running program read-only, as a disk that failed is."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def read_only(folder: Path) -> Iterator[bool]:
    """Let nobody write below the folder, root included; gives False, and does nothing, where we may not."""
    bound = _mount("--bind", str(folder), str(folder))
    try:
        yield bound and _mount("-o", "remount,ro,bind", str(folder))
    finally:
        if bound:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
