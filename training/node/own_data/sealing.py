"""Sealing a private dataset: what it is stays in this node's home, a salted commitment goes out (INV-1)."""

import json
import os
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, Final, Self

from provenance.signing.attestations import read_seal, sign_seal
from provenance.signing.commitments import SEAL_TYPE, Opening, seal_items
from provenance.signing.errors import SigningError
from training.node.errors import Refused, SetupError
from training.node.home import NodeHome

SHORTEST: Final = 8  # digits by which a seal may be named


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSeal:
    """A seal with all its openings, as ``<home>/seals/<commitment>.json`` keeps it.

    The first opening is the record's, ``{"record": {…}}``; the others ``{"file": {path, sha256, bytes, …}}``.
    """

    dataset: str
    envelope: dict[str, Any]
    openings: tuple[Opening, ...]

    @property
    def commitment(self) -> str:
        """What the coordinator knows of it, as hex digits."""
        return read_seal(self.envelope).commitment

    @property
    def sealed_at(self) -> datetime:
        """When it was sealed."""
        return read_seal(self.envelope).sealed_at

    @property
    def record(self) -> dict[str, Any]:
        """The record that was sealed."""
        found = next(opening.item["record"] for opening in self.openings if "record" in opening.item)
        return dict(found)

    @property
    def title(self) -> str:
        """The title in one language, English where there is one; of a plain text, the text."""
        title = self.record.get("title", "")
        texts = title if isinstance(title, dict) else {"en": title}
        return str(texts.get("en") or next(iter(texts.values()), ""))

    def as_json(self) -> dict[str, Any]:
        """Return what the file holds."""
        return {
            "type": SEAL_TYPE,
            "dataset": self.dataset,
            "envelope": self.envelope,
            "openings": [opening.as_json() for opening in self.openings],
        }

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a seal back.

        Raises:
            SetupError: ``seal-damaged``.
        """
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            openings = tuple(Opening.from_json(opening) for opening in kept["openings"])
            seal = cls(dataset=kept["dataset"], envelope=kept["envelope"], openings=openings)
            intact = seal.commitment == path.stem and bool(seal.record)
        except (OSError, ValueError, KeyError, TypeError, StopIteration, SigningError) as error:
            raise SetupError("seal-damaged", f"{path}: {error}") from None
        if not intact:
            raise SetupError("seal-damaged", f"{path} holds another seal than its name says")
        return seal


def seal_dataset(
    home: NodeHome, *, dataset: str, record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]
) -> KeptSeal:
    """Seal a record and a list of files, keep what opens the seal in this home, and sign the commitment.

    Raises:
        Refused: ``record-untitled``: without a title nobody would know the seal again.
        JsonError: json-not-canonical, for a record that JSON can not hold.
    """
    if not record.get("title"):
        raise Refused("record-untitled", "the record needs at least a title")
    sealed = seal_items([{"record": dict(record)}, *({"file": dict(file)} for file in files)])
    envelope = sign_seal(sealed.commitment, key=home.key, at=datetime.now(UTC))
    kept = KeptSeal(dataset=dataset, envelope=envelope, openings=sealed.openings)
    _write_privately(home.seals / f"{sealed.commitment}.json", kept.as_json())
    return kept


def own_seals(home: NodeHome) -> list[KeptSeal]:
    """Return all seals of this node, the newest first.

    Raises:
        SetupError: ``seal-damaged``.
    """
    found = [KeptSeal.from_file(path) for path in home.seals.glob("*.json")]
    return sorted(found, key=lambda seal: (seal.sealed_at, seal.commitment), reverse=True)


def find_seal(home: NodeHome, start: str) -> KeptSeal:
    """Return the one seal whose commitment begins with ``start``.

    Raises:
        Refused: ``seal-unknown``, for less than SHORTEST digits, none, or several.
    """
    hexadecimal = all(letter in "0123456789abcdef" for letter in start)
    paths = list(home.seals.glob(f"{start}*.json")) if hexadecimal and len(start) >= SHORTEST else []
    if len(paths) != 1:
        raise Refused(
            "seal-unknown", f"{len(paths)} seals begin with {start!r} (at least {SHORTEST} hex digits)"
        )
    return KeptSeal.from_file(paths[0])


def read_record(path: Path) -> dict[str, Any]:
    """Return the record in a TOML or JSON file, dates as ISO 8601 text.

    Raises:
        Refused: ``record-unreadable``.
    """
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        plain = json.loads(json.dumps(values, default=_date_as_text))
    except (OSError, ValueError, TypeError) as error:
        raise Refused("record-unreadable", f"{path}: {error}") from None
    if not isinstance(plain, dict):
        raise Refused("record-unreadable", f"{path}: a record is a table of fields")
    return plain


def record_beside(folder: Path) -> Path:
    """Return the record that lies beside a dataset's folder: its name with ``.toml`` or ``.json`` behind it.

    Raises:
        Refused: ``record-missing``.
    """
    candidates = [folder.with_name(f"{folder.name}{suffix}") for suffix in (".toml", ".json")]
    for path in candidates:
        if path.is_file():
            return path
    raise Refused("record-missing", f"describe the data in {candidates[0]}, or name another file by --record")


def _date_as_text(value: object) -> str:
    if isinstance(value, date | time_of_day):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")


def _write_privately(path: Path, document: Mapping[str, Any]) -> None:
    """Write whole or not at all; without this file the seal can never be opened again."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
