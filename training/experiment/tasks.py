"""What the coordinator asks of a node: one training, as a document."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from training.manifest import HeldOut, Part, Training
from training.node.learning.request import InputFile, Request, Weights

if TYPE_CHECKING:
    from pathlib import Path


class Task(BaseModel):
    """One training on one base.

    Attributes:
        number: tells the tasks of one line apart. base: sha256 of the weights to begin with.
        languages: of the texts to train on, in equal shares. folder: where the node has them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    base: str
    languages: tuple[str, ...]
    folder: str
    architecture: dict[str, Any]
    held_out: HeldOut
    training: Training

    def request(self, base: Path, folder: Path) -> Request:
        """Return what the node's trainer is asked for; it does not depend on where the files lie."""
        files = [input_file(folder, language) for language in self.languages]
        return Request(
            architecture=self.architecture,
            weights=[Weights(digest=self.base, path=base)],
            files=files,
            mixture={file.version: 1 / len(files) for file in files},
            held_out=self.held_out,
            training=self.training,
            threads=1,
        )


def input_file(folder: Path, language: str) -> InputFile:
    """Return the text in a language, of which the held-out rule keeps back some paragraphs."""
    path = folder / f"{language}.txt"
    version = hashlib.sha256(path.read_bytes()).hexdigest()
    return InputFile(path=path, language=language, version=version, part=Part.SPLIT)
