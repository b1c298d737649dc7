"""The one file in which a private key lives: made whole or not at all, and for its owner's eyes only."""

import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from provenance.signing.errors import KeyFileError

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_key(path: Path) -> Ed25519PrivateKey | None:
    """Return the key kept at `path`, or None when there is no such file.

    Raises:
        KeyFileError: key-file-exposed, key-file-malformed.
        OSError: the file can not be read.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & OTHERS:
                raise KeyFileError(
                    "key-file-exposed",
                    f"{path} has mode {stat.S_IMODE(mode):04o}: others than its owner may have read it. "
                    "If nobody else could, run chmod 600 on it; otherwise remove it and enrol a new key.",
                )
            pem = file.read()
    except FileNotFoundError:
        return None
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError("key-file-malformed", f"{path} holds no readable PEM key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError("key-file-malformed", f"{path} holds a key of another kind than Ed25519.")
    return key


def write_new_key(path: Path, key: Ed25519PrivateKey) -> Ed25519PrivateKey:
    """Put `key` at `path` and return it, or return the key that another process put there first.

    Raises:
        KeyFileError: another process' file is no usable key.
        OSError: the folder can not be written.
    """
    _make_private_folders(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_durably(draft, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        # A link fails where the name is taken; a rename would replace the key another process just made.
        path.hardlink_to(draft)
    except FileExistsError:
        return read_key(path) or write_new_key(path, key)
    finally:
        draft.unlink(missing_ok=True)
        _flush_folder(path.parent)
    return key


def _write_durably(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_private_folders(folder: Path) -> None:
    """Make missing folders with mode 0700, which `Path.mkdir(parents=True)` gives to the last one only."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
