"""A model's folder as its files: what is read of it, under which hashes. Code and pickles never are."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from training.imports.configuration import read_configuration
from training.imports.errors import ImportRefused
from training.merge import ArchitectureConfig

CHUNK: Final = 1 << 20
LARGEST_JSON: Final = 64 << 20  # bytes of a config or an index
LARGEST_TOKENIZER: Final = 256 << 20  # bytes
CONFIG: Final = "config.json"
INDEX: Final = "model.safetensors.index.json"
SINGLE: Final = "model.safetensors"
TOKENIZER: Final = "tokenizer.json"
_PICKLES: Final = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_NOTES: Final = ("LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE", "README.md")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: its path in the folder, its sha256 and its size in bytes."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceModel:
    """A folder that can be imported. ``files`` are all that were read, ``notes`` among them."""

    architecture: ArchitectureConfig
    shards: tuple[Path, ...]
    tokenizer: Path | None
    files: tuple[SourceFile, ...]

    def listing(self) -> list[dict[str, Any]]:
        """The files as JSON, by path."""
        return [asdict(file) for file in sorted(self.files, key=lambda file: file.path)]


def read_folder(folder: Path) -> SourceModel:
    """Return what lies in a folder of a Transformers model; each file that counts is hashed on the way.

    Raises:
        ImportRefused: see its codes. OSError: a file can not be read.
    """
    if not folder.is_dir():
        raise ImportRefused("folder-unreadable", f"{folder.name} is not a folder")
    config = _object(folder / CONFIG, missing="config-missing")
    architecture = read_configuration(config)
    shards = tuple(_shards(folder))
    tokenizer = folder / TOKENIZER
    if not tokenizer.is_file():
        raise ImportRefused("tokenizer-missing", f"there is no {TOKENIZER}")
    check_tokenizer(tokenizer, vocabulary=architecture.vocab_size)
    notes = [folder / name for name in _NOTES if (folder / name).is_file()]
    index = [folder / INDEX] if (folder / INDEX).is_file() else []
    files = tuple(_hashed(path, folder) for path in (folder / CONFIG, *index, *shards, tokenizer, *notes))
    return SourceModel(architecture=architecture, shards=shards, tokenizer=tokenizer, files=files)


def check_tokenizer(path: Path, *, vocabulary: int) -> None:
    """Return if the tokenizer loads and none of its tokens lies beyond the model's embeddings.

    Raises:
        ImportRefused: ``tokenizer-too-large``, ``tokenizer-malformed``.
    """
    from tokenizers import Tokenizer

    if path.stat().st_size > LARGEST_TOKENIZER:
        raise ImportRefused("tokenizer-too-large", f"more than {LARGEST_TOKENIZER} bytes")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # noqa: BLE001 - the library raises bare Exceptions
        raise ImportRefused("tokenizer-malformed", str(error)[:200]) from None
    highest = max(tokenizer.get_vocab(with_added_tokens=True).values(), default=-1)
    if highest >= vocabulary:
        raise ImportRefused("tokenizer-malformed", f"token {highest} is beyond the {vocabulary} of the model")


def _shards(folder: Path) -> Iterator[Path]:
    if (folder / INDEX).is_file():
        places = _object(folder / INDEX, missing="weights-missing").get("weight_map")
        if not isinstance(places, dict) or not all(isinstance(name, str) for name in places.values()):
            raise ImportRefused("config-malformed", f"{INDEX} has no weight_map")
        names = sorted(set(places.values()))
    else:
        names = [SINGLE]
    for name in names:
        path = folder / name
        if Path(name).name != name or not name.endswith(".safetensors") or not path.is_file():
            raise _without_weights(folder, name)
        yield path


def _without_weights(folder: Path, name: str) -> ImportRefused:
    if any(path.suffix in _PICKLES for path in folder.iterdir()):
        return ImportRefused("pickle-refused", "the weights are pickles; only safetensors are read")
    return ImportRefused("weights-missing", f"there is no {name[:100]!r} in the folder")


def _object(path: Path, *, missing: Any) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_JSON:
            raise ImportRefused("config-malformed", f"{path.name} has more than {LARGEST_JSON} bytes")
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImportRefused(missing, f"there is no {path.name}") from None
    except (ValueError, RecursionError) as error:
        raise ImportRefused("config-malformed", f"{path.name}: {str(error)[:200]}") from None
    if not isinstance(found, dict):
        raise ImportRefused("config-malformed", f"{path.name} is not an object")
    return found


def _hashed(path: Path, folder: Path) -> SourceFile:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceFile(str(path.relative_to(folder)), sha256, path.stat().st_size)
