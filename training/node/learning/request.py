"""What the node hands to its computing child, as one file in the job's workspace."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from training.manifest import HeldOut, Part, Training
from training.manifest.parts import Reading

FILE = "request.json"


class InputFile(BaseModel):
    """A file whose hash was checked, ready to be read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    language: str
    version: str
    part: Part
    reading: Reading = Reading.LINES


class Weights(BaseModel):
    """A safetensors file on this machine, and the checkpoint it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    digest: str
    path: Path


class TeacherFiles(BaseModel):
    """The model that a distillation learns from: its shape and its safetensors file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    architecture: dict[str, Any]
    path: Path


class Request(BaseModel):
    """Everything that one training or evaluation needs; written by the node, read by the child.

    Attributes:
        weights: the base, then the candidates of an evaluation.
        canaries: of each version that declares some the file, in an evaluation.
        mixture: how often each version is drawn from, by digest; empty means by its bytes.
        tokenizer: a ``tokenizer.json``, or None for bytes.
        threads: of all processes together. processes: one for each accelerator.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    architecture: dict[str, Any]
    weights: list[Weights]
    teacher: TeacherFiles | None = None
    files: list[InputFile]
    canaries: list[InputFile] = []
    mixture: dict[str, float] = {}
    tokenizer: Path | None = None
    held_out: HeldOut
    training: Training
    threads: int
    processes: int = 1

    def digest(self) -> str:
        """Return the sha256 of all that the trained bytes depend on: a checkpoint is for one of these.

        Where the files lie does not count, nor on how many processors the work is spread.
        """
        document = self.model_dump(mode="json", exclude={"threads", "processes", "canaries"})
        text = json.dumps(_without_folders(document), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def write(self, workspace: Path) -> None:
        """Put the request into the job's workspace."""
        (workspace / FILE).write_text(self.model_dump_json(), encoding="utf-8")

    @classmethod
    def read(cls, workspace: Path) -> "Request":
        """Take the request from the job's workspace."""
        return cls.model_validate_json((workspace / FILE).read_text(encoding="utf-8"))


def _without_folders(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: Path(item).name if key in {"path", "tokenizer"} and item else _without_folders(item)
            for key, item in value.items()
        }
    return [_without_folders(item) for item in value] if isinstance(value, list) else value
