"""The files of an entry before they are rows: what each says of itself, and what a tier lets it be."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from catalog.datasets.vocabulary import check_language
from catalog.tiers import Tier, may_store_bytes

MOST_FILES: Final = 10_000
LARGEST: Final = 2**63 - 1  # bytes or records, as the database counts them

Storage = Literal["blob", "pointer"]


def storage_of(tier: Tier) -> Storage | None:
    """Return the one form that files of a tier have here (INV-1, DG:6); None for private ones."""
    if may_store_bytes(tier):
        return "blob"
    return None if tier is Tier.PRIVATE else "pointer"


def _check_path(path: str) -> str:
    parts = path.split("/")
    if "\\" in path or not path.isprintable() or any(part in {"", ".", ".."} for part in parts):
        raise ValueError("give a relative path without empty, '.' or '..' parts, such as 'texts/vi.txt'")
    return path


def _check_language_if_any(tag: str) -> str:
    return check_language(tag) if tag else ""


class FileEntry(BaseModel):
    """One file: path inside the entry, sha256 as 64 hex digits, size in bytes, number of records (lines)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    path: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_check_path)]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0, le=LARGEST)
    records: int = Field(default=0, ge=0, le=LARGEST)
    language: Annotated[str, Field(max_length=35), AfterValidator(_check_language_if_any)] = ""
    media_type: str = Field(
        default="text/plain", alias="mediaType", max_length=100, pattern=r"^[\w.+-]+/[\w.+-]+$"
    )
    storage: Storage

    def as_manifest(self) -> dict[str, Any]:
        """Return the entry as a version's digest covers it, equal to ``DatasetFile.as_manifest``."""
        return self.model_dump(mode="json", by_alias=True)


def read_files(files: Sequence[Mapping[str, Any]]) -> list[FileEntry]:
    """Read the entries that a proposal keeps, in the order of their paths."""
    return sorted((FileEntry.model_validate(file) for file in files), key=lambda entry: entry.path)


def language_shares(files: Sequence[FileEntry], declared: Sequence[str]) -> list[dict[str, Any]]:
    """Return ``{tag, share}`` per language, largest first; a share is the part of the bytes, from 0 to 1.

    Where files do not tell their language (because they are not textual, say), the declared ones stand with
    no share: unknown is a value, an invented split is not.
    """
    sizes: dict[str, int] = {}
    for file in files:
        if file.language:
            sizes[file.language] = sizes.get(file.language, 0) + file.bytes
    total = sum(sizes.values())
    if not total:
        return [{"tag": tag, "share": None} for tag in declared]
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return [{"tag": tag, "share": round(size / total, 6)} for tag, size in ordered]
