"""Bases, one after the other: the coordinator's own admission and merge between two trainings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from training.admission import admit
from training.merge import Merged, merge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class NotAdmittedError(RuntimeError):
    """An honest update was refused: the experiment's own settings are wrong then."""


@dataclass
class Chain:
    """A base and the outer optimizer's state beside it, moved by merges.

    Attributes:
        folder: where both lie. base: the newest one; at first, that to begin with.
        server: as a recipe names it; None adds what the rule gives.
    """

    folder: Path
    base: Path
    server: Mapping[str, Any] | None = None
    _state: Path | None = None
    _number: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def move(self, updates: Mapping[str, Path]) -> Merged:
        """Admit honest updates (by whose they are), and merge them into the next base.

        Raises:
            NotAdmittedError: admission found something. MergeError, OSError: as `merge`.
        """
        for name, update in updates.items():
            found = admit(self.base, update).findings
            if found:
                raise NotAdmittedError(f"{name}: {', '.join(finding.code for finding in found)}")
        self._number += 1
        target = self.folder / f"base-{self._number}.safetensors"
        kept = self.folder / f"state-{self._number}.safetensors" if self.server else None
        merged = merge(
            self.base,
            {key_of(name, update): update for name, update in updates.items()},
            target,
            server=self.server,
            state=self._state,
            state_out=kept,
        )
        self.base, self._state = target, kept
        return merged


def key_of(name: str, update: Path) -> str:
    """Return what a contribution is called in a merge: a digest of whose it is and of its bytes."""
    digest = hashlib.sha256(name.encode())
    digest.update(update.read_bytes())
    return digest.hexdigest()
