"""What the node hands to its computing child, as one file in the job's workspace."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from training.manifest import HeldOut, Part, Training

FILE = "request.json"


class InputFile(BaseModel):
    """A file whose hash was checked, ready to be read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    language: str
    version: str
    part: Part


class Weights(BaseModel):
    """A safetensors file on this machine, and the checkpoint it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    digest: str
    path: Path


class Request(BaseModel):
    """Everything that one training or evaluation needs; written by the node, read by the child."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    architecture: dict[str, Any]
    weights: list[Weights]
    files: list[InputFile]
    held_out: HeldOut
    training: Training
    threads: int

    def write(self, workspace: Path) -> None:
        """Put the request into the job's workspace."""
        (workspace / FILE).write_text(self.model_dump_json(), encoding="utf-8")

    @classmethod
    def read(cls, workspace: Path) -> "Request":
        """Take the request from the job's workspace."""
        return cls.model_validate_json((workspace / FILE).read_text(encoding="utf-8"))
