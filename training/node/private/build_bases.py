"""Where a private build starts: a file of the member's, a checkpoint of the consortium, a build of before."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import ValidationError

from training.manifest import Family, TokenizerFile, Weights
from training.merge.architecture import ArchitectureConfig
from training.node.client import Coordinator, hash_file
from training.node.durable import write_whole
from training.node.errors import JobError, Refused
from training.node.home import NodeHome
from training.node.jobs.journal import Journal
from training.node.private.build_plans import BasePlan, Start

MODEL: Final = "model.safetensors"
Tokenizer = Literal["bytes"] | TokenizerFile


def find_base(home: NodeHome, plan: BasePlan) -> Start:
    """Return the base with everything that a manifest says of it.

    Raises:
        Refused: ``base-missing``, ``base-shape``. NodeError: the coordinator has to be asked and is away.
    """
    if plan.build is not None:
        return _build_of_before(home, plan.build)
    if plan.checkpoint is not None:
        return _checkpoint(home, plan.checkpoint)
    assert plan.file is not None  # noqa: S101 - the plan was checked to name one of three
    return _file(plan, plan.file)


def _file(plan: BasePlan, path: Path) -> Start:
    tokenizer: Tokenizer = "bytes"
    files = {}
    if plan.tokenizer is not None:
        digest, size = _hashed(plan.tokenizer)
        tokenizer, files = TokenizerFile(sha256=digest, bytes=size), {digest: plan.tokenizer.absolute()}
    digest, size = _hashed(path)
    return Start(
        weights=Weights(digest=digest, sha256=digest, bytes=size),
        family=_family("own", plan.architecture, tokenizer),
        files={**files, digest: path.absolute()},
    )


def _build_of_before(home: NodeHome, digits: str) -> Start:
    found = [path for path in home.builds.iterdir() if path.name.startswith(digits)]
    journal = Journal.read(found[0]) if len(found) == 1 else None
    if journal is None or not (journal.folder / MODEL).exists():
        raise Refused("base-missing", f"there is no finished build {digits!r} here")
    manifest, path = journal.manifest, journal.folder / MODEL
    digest, size = _hashed(path)
    files, tokenizer = {digest: path}, manifest.family.tokenizer
    if isinstance(tokenizer, TokenizerFile):
        files |= read_files(journal.folder, only=tokenizer.sha256)
    return Start(
        weights=Weights(digest=digest, sha256=digest, bytes=size), family=manifest.family, files=files
    )


def _checkpoint(home: NodeHome, digest: str) -> Start:
    """A base of the consortium: what was pulled once is here, also in island mode."""
    kept = home.cache / f"{digest}.checkpoint.json"
    if not kept.exists():
        with closing(Coordinator.of(home)) as coordinator:
            seen = coordinator.get(f"/api/v1/checkpoints/{digest}/")
            for verb, sha256, size in _parts(seen):
                target = home.cache / sha256
                if not target.exists():
                    path = f"/api/v1/checkpoints/{digest}/{verb}"
                    coordinator.pull(path, target, sha256=sha256, size=size)
        write_whole(kept, json.dumps(seen) + "\n")
    seen = json.loads(kept.read_text(encoding="utf-8"))
    said = seen.get("tokenizer")
    tokenizer: Tokenizer = TokenizerFile.model_validate(said) if said else "bytes"
    return Start(
        weights=Weights(digest=digest, sha256=seen["weights_sha256"], bytes=seen["weights_bytes"]),
        family=_family(str(seen["family"]), seen["architecture"], tokenizer),
        files={sha256: home.cache / sha256 for _, sha256, _ in _parts(seen)},
    )


def _parts(seen: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return (last word of the address, sha256, size in bytes) of each file that a checkpoint consists of."""
    parts = [("weights", str(seen["weights_sha256"]), int(seen["weights_bytes"]))]
    if said := seen.get("tokenizer"):
        parts.append(("tokenizer", str(said["sha256"]), int(said["bytes"])))
    return parts


def keep_files(folder: Path, files: dict[str, Path]) -> None:
    """Note beside a build where its base and tokenizer lie, by sha256."""
    write_whole(folder / "files.json", json.dumps({name: str(path) for name, path in files.items()}) + "\n")


def read_files(folder: Path, *, only: str = "") -> dict[str, Path]:
    """Return what `keep_files` noted, or one entry of it."""
    found: dict[str, Any] = json.loads((folder / "files.json").read_text(encoding="utf-8"))
    return {name: Path(path) for name, path in found.items() if only in ("", name)}


def file_of(files: dict[str, Path], sha256: str) -> Path:
    """Return the file with this hash.

    Raises:
        JobError: ``input-mismatch`` when it has changed since the manifest was written. Refused:
            ``base-missing``.
    """
    path = files.get(sha256)
    if path is None or not path.is_file():
        raise Refused("base-missing", f"{path or sha256} is not here")
    if hash_file(path)[0].hex() != sha256:
        raise JobError("input-mismatch", f"{path} has changed since the build began")
    return path


def _family(slug: str, architecture: dict[str, Any], tokenizer: Tokenizer) -> Family:
    try:
        shape = ArchitectureConfig.model_validate_json(json.dumps(architecture))
        return Family(slug=slug, architecture=shape, tokenizer=tokenizer)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise Refused("base-shape", f"architecture: {wrong}") from None


def _hashed(path: Path) -> tuple[str, int]:
    if not path.is_file():
        raise Refused("base-missing", f"{path} is not here")
    digest, size = hash_file(path)
    return digest.hex(), size
