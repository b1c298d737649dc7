"""The node's own copies of the updates that it delivered, by hash: what a replay may ask back for.

A member may wish that the coordinator keeps only the hash of an update; then this is the one copy there is.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from training.node.durable import flush_folder
from training.node.home import NodeHome


def copy_of(home: NodeHome, sha256: str) -> Path:
    """Return where the copy with this hash lies, whether or not it does."""
    return home.updates / f"{sha256}.safetensors"


def keep_update(home: NodeHome, file: Path, sha256: str) -> None:
    """Move a delivered update to the copies, and let the oldest go that exceed the configured bytes.

    Again changes nothing, so that a death in between costs nothing.
    """
    if home.config.keep_updates_bytes and file.exists():
        kept = copy_of(home, sha256)
        file.replace(kept)
        os.utime(kept)
        flush_folder(home.updates)
    _make_room(home)


def _make_room(home: NodeHome) -> None:
    """Remove the oldest copies until the rest fits, and takes no more room than is left free for work."""
    found = [(path, path.stat()) for path in home.updates.glob("*.safetensors")]
    held = sum(stat.st_size for _, stat in found)
    left = min(home.config.keep_updates_bytes, (held + shutil.disk_usage(home.updates).free) // 2)
    for path, stat in sorted(found, key=lambda each: each[1].st_mtime, reverse=True):
        left -= stat.st_size
        if left < 0:
            with suppress(FileNotFoundError):
                path.unlink()
