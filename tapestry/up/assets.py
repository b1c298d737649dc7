"""Collect the static files when they differ from the collected ones."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from tapestry.embedded.process import Announce


def collect(announce: Announce) -> None:
    """Collect, compress and hash into `STATIC_ROOT`, unless nothing has changed since the last time."""
    stamp, state = Path(settings.STATIC_ROOT) / ".collected", _state()
    if stamp.exists() and stamp.read_text("ascii") == state:
        return
    announce("Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state, "ascii")


def _state() -> str:
    """A digest of every source file's name, size and time of change."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
