"""The node's own checkpoints: ``<workspace>/checkpoints/step-<n>/``, the newest two, each whole or absent.

A folder holds one file of tensors for each process, ``state.json`` for the rest, and ``SHA256SUMS`` over all
of them. It is written under another name, flushed and renamed, so a death leaves at most rubbish with a dot.
A folder whose sums do not fit is passed over for the one before.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any, Final

from training.node.durable import flush_folder, write_whole
from training.node.learning.saving import write
from training.node.learning.sharding import own_rows
from training.node.learning.state import RANDOM, set_random_state, spec_of

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from training.node.learning.state import State

KEPT: Final = 2
STATE: Final = "state.json"
SUMS: Final = "SHA256SUMS"


def save_checkpoint(folder: Path, state: State, *, work: str) -> None:
    """Write where the training stands; ``work`` is the digest of its request. All processes call it together.

    Raises:
        OSError: when there is no room; what was there before is still there.
    """
    group = state.group
    unfinished, target = folder / f".step-{state.step}", folder / f"step-{state.step}"
    if group.leads:
        folder.mkdir(exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
    group.gather(None)
    tensors = state.tensors()
    name = _file_of(group.rank)
    specs = [spec_of(name, tensor) for name, tensor in tensors.items()]
    sums = group.gather((write(unfinished / name, specs, tensors.__getitem__), name))
    if group.leads:
        text = json.dumps(state.document() | {"work": work})
        write_whole(unfinished / STATE, text)
        lines = [*sums, (hashlib.sha256(text.encode()).hexdigest(), STATE)]
        write_whole(unfinished / SUMS, "".join(f"{digest}  {name}\n" for digest, name in lines))
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
        flush_folder(folder)
        _forget_older(folder)


def resume(folder: Path, state: State, *, work: str) -> bool:
    """Be where the newest whole checkpoint of the same work was; tell whether there is one.

    The number of processes may be another one than when it was written.
    """
    chosen = state.group.gather(newest(folder, work=work) if state.group.leads else None)[0]
    if chosen is None:
        return False
    document = json.loads((chosen / STATE).read_text(encoding="utf-8"))
    state.take(document)
    _fill(chosen, state, saved_by=document["world"])
    state.resume_optimizer()
    return True


def newest(folder: Path, *, work: str) -> Path | None:
    """Return the newest checkpoint that is whole, to the last bit, and of this work."""
    return next((path for path in reversed(_steps(folder)) if _is_whole(path) and _work(path) == work), None)


def _fill(folder: Path, state: State, *, saved_by: int) -> None:
    import torch
    from safetensors import safe_open

    group, parameters = state.group, dict(state.trained())
    same = saved_by == group.world
    ranks = [group.rank] if same else range(saved_by)
    files: list[Any] = [safe_open(folder / _file_of(rank), framework="pt") for rank in ranks]
    with torch.no_grad():
        for name, tensor in state.tensors().items():
            parts = [file.get_tensor(name) for file in files]
            if name == RANDOM:
                set_random_state(parts[0])
            else:
                rows = slice(None) if same else own_rows(parameters[name.partition(".")[2]])
                tensor.copy_(_joined(parts)[rows])


def _joined(parts: list[torch.Tensor]) -> torch.Tensor:
    import torch

    return parts[0] if len(parts) == 1 else torch.cat(parts)


def _steps(folder: Path) -> list[Path]:
    found = [path for path in folder.glob("step-*") if path.name.removeprefix("step-").isdecimal()]
    return sorted(found, key=lambda path: int(path.name.removeprefix("step-")))


def _file_of(rank: int) -> str:
    return f"rank-{rank}.safetensors"


def _is_whole(folder: Path) -> bool:
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        return STATE in sums and all(_sha256(folder / name) == digest for name, digest in sums.items())
    except (OSError, UnicodeDecodeError):
        return False


def _work(folder: Path) -> Any:
    return json.loads((folder / STATE).read_text(encoding="utf-8"))["work"]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _forget_older(folder: Path) -> None:
    for path in [*_steps(folder)[:-KEPT], *folder.glob(".step-*")]:
        shutil.rmtree(path, ignore_errors=True)
