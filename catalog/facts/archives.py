"""The members of tar and zip archives, each checked before a byte of it is read."""

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from stat import S_IFMT, S_ISDIR, S_ISREG
from typing import IO, Final

from catalog.facts.errors import FileRefused
from catalog.facts.naming import has_deceptive_characters
from catalog.facts.unpacking import Budget, Reader, chunks

DIRECTORY_BYTES: Final = 512
"""Bytes of a zip's central directory allowed for each member: a name of over 400 characters."""

_END: Final = struct.Struct("<4s4H2LH")  # end of central directory, APPNOTE 4.3.16
_LOCATOR: Final = struct.Struct("<4sLQL")  # 4.3.15
_END_64: Final = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
_MOST_COMMENT: Final = 65_535
_ENCRYPTED: Final = 0x1
# All that zipfile raises for broken ones, ValueError for names that are not in the code they say.
_ZIP_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, OverflowError, ValueError),
)


@dataclass(frozen=True)
class Member:
    """A plain file in an archive; ``content`` has to be read before the next member is asked for."""

    name: str
    content: Iterator[bytes]


def tar_members(source: Iterator[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the files of a tar archive that streams by.

    Raises:
        FileRefused: ``tar-broken``, ``unsafe-path``, ``unsafe-member``,
            ``duplicate-member``, ``too-many-members``.
    """
    seen: set[str] = set()
    try:
        with tarfile.open(fileobj=io.BufferedReader(Reader(source)), mode="r|", errorlevel=2) as archive:
            for item in archive:
                budget.enter()
                _check_path(item.name, seen)
                if item.size < 0:
                    raise FileRefused("tar-broken")
                if item.isdir():
                    continue
                if not item.isreg() or item.issparse():
                    raise FileRefused("unsafe-member")
                content = archive.extractfile(item)
                assert content is not None  # noqa: S101 - for the type checker: it is a plain file
                yield Member(item.name, _whole(content, item.size))
    except (tarfile.TarError, OverflowError, ValueError, EOFError, zlib.error) as error:
        raise FileRefused("tar-broken") from error


def _whole(content: IO[bytes], size: int) -> Iterator[bytes]:
    done = 0
    try:
        for chunk in chunks(content):
            done += len(chunk)
            yield chunk
    except (tarfile.TarError, EOFError) as error:
        raise FileRefused("tar-broken") from error
    if done != size:
        raise FileRefused("tar-broken")


def zip_members(file: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Yield the files of a zip archive.

    Raises:
        FileRefused: ``zip-broken``, ``encrypted``, ``unsafe-path``, ``unsafe-member``, ``duplicate-member``,
            ``too-many-members``, or what the budget raises.
    """
    _check_directory(file, budget)
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(file) as archive:
            for item in archive.infolist():
                budget.enter()
                _check_path(item.filename, seen)
                _check_zipped(item)
                if not item.is_dir():
                    with archive.open(item) as content:
                        yield Member(item.filename, _spent(content, item.file_size, budget))
    except _ZIP_BROKEN as error:
        raise FileRefused("zip-broken") from error
    except RuntimeError as error:  # zipfile asks for a password, or lacks the method of compression
        raise FileRefused("encrypted" if "password" in str(error) else "zip-broken") from error


def _spent(content: IO[bytes], size: int, budget: Budget) -> Iterator[bytes]:
    done = 0
    try:
        for chunk in chunks(content):
            done += len(chunk)
            budget.spend(len(chunk))
            yield chunk
    except _ZIP_BROKEN as error:
        raise FileRefused("zip-broken") from error
    if done != size:
        raise FileRefused("zip-broken")


def _check_zipped(item: zipfile.ZipInfo) -> None:
    if item.flag_bits & _ENCRYPTED:
        raise FileRefused("encrypted")
    mode = item.external_attr >> 16
    if S_IFMT(mode) and not (S_ISREG(mode) or S_ISDIR(mode)):
        raise FileRefused("unsafe-member")


def _check_path(name: str, seen: set[str]) -> None:
    path = PurePosixPath(name)
    windows = PureWindowsPath(name)
    if path.is_absolute() or windows.drive or windows.root or ".." in {*path.parts, *windows.parts}:
        raise FileRefused("unsafe-path")
    if has_deceptive_characters(name):
        raise FileRefused("unsafe-name")
    if str(path) in seen:
        raise FileRefused("duplicate-member")
    seen.add(str(path))


def _check_directory(file: IO[bytes], budget: Budget) -> None:
    """Judge the size of the list of members before zipfile reads it into memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END.size - _MOST_COMMENT))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise FileRefused("zip-broken")
    _, _, _, _, entries, length, _, _ = _END.unpack_from(tail, at)
    if at >= _LOCATOR.size and tail.startswith(b"PK\x06\x07", at - _LOCATOR.size):
        _, _, place, _ = _LOCATOR.unpack_from(tail, at - _LOCATOR.size)
        file.seek(min(place, size))
        record = file.read(_END_64.size)
        if len(record) < _END_64.size:
            raise FileRefused("zip-broken")
        *_, entries, length, _ = _END_64.unpack(record)
    if entries > budget.limits.members or length > budget.limits.members * DIRECTORY_BYTES:
        raise FileRefused("too-many-members")
    file.seek(0)
