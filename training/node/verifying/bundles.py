"""All that a base is computed from, in a folder: ``bases/<digest>.json`` and ``blobs/<sha256>``.

A bundle needs no trust and no key: documents are held against their digests and files against their hashes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from training.node.durable import write_whole
from training.node.errors import Refused

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=0)]


class _Told(BaseModel):
    """What the coordinator tells: fields that it will tell one day are passed over."""

    model_config = ConfigDict(frozen=True)


class Bytes(_Told):
    """A file by its hash."""

    sha256: Sha256


class Server(_Told):
    """The outer optimizer, as far as it asks for a file."""

    name: str
    state: Sha256 | None = None


class Recipe(_Told):
    """How a base is computed, as far as it says what to bring. `training.merge` reads the rest."""

    parent: Sha256 | None
    contributions: list[Sha256]
    rule: str
    codec: str
    server: Server | None = None


class Document(_Told):
    """What a base's digest is the digest of."""

    recipe: Recipe
    weights: Bytes
    server_state: Bytes | None = None


class MergedUpdate(_Told):
    """One contribution; ``statement`` is None where it names data that the caller may not know of."""

    digest: Sha256
    node: str
    weights_sha256: Sha256
    weights_bytes: Size
    kept: bool
    statement: dict[str, Any] | None


class Origin(_Told):
    """The coordinator's answer about one base. ``document`` is kept as it came: its digest is over all."""

    digest: Sha256
    family: str
    number: int
    standing: str
    document: dict[str, Any]
    weights_bytes: Size
    server_state_bytes: Size | None
    contributions: list[MergedUpdate]

    @model_validator(mode="after")
    def _has_a_document(self) -> Self:
        Document.model_validate(self.document)
        return self

    @property
    def made(self) -> Document:
        """The document, read."""
        return Document.model_validate(self.document)

    @property
    def name(self) -> str:
        """What people call it; nothing signed says so."""
        return f"{self.family} {self.standing} {self.number}"


class Bundle:
    """A folder of that layout; it may hold many bases."""

    def __init__(self, folder: Path) -> None:
        self._bases, self._blobs = folder / "bases", folder / "blobs"

    def keep(self, digest: str, told: Mapping[str, Any]) -> Origin:
        """Write down what was told of a base, and return it.

        Raises:
            Refused: ``origin-malformed``.
        """
        origin = _read(told, digest)
        self._bases.mkdir(parents=True, exist_ok=True)
        self._blobs.mkdir(exist_ok=True)
        write_whole(self._bases / f"{digest}.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        return origin

    def origin(self, digest: str) -> Origin:
        """Return what was told of a base.

        Raises:
            Refused: ``base-not-here``, ``origin-malformed``.
        """
        path = self._bases / f"{digest}.json"
        try:
            return _read(json.loads(path.read_text(encoding="utf-8")), digest)
        except FileNotFoundError:
            raise Refused("base-not-here", f"{path} is not there") from None
        except (OSError, ValueError) as error:
            raise Refused("origin-malformed", f"{path}: {error}") from None

    def blob(self, sha256: str) -> Path:
        """Return where the file with this hash is, or would be."""
        return self._blobs / sha256


def _read(told: object, digest: str) -> Origin:
    try:
        return Origin.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])[:100]
        raise Refused("origin-malformed", f"base {digest[:12]}: {place}: {first['msg']}") from None
