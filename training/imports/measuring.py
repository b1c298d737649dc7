"""One model on one text, measured in the bounded child that nodes evaluate in: no torch in this process."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from training.manifest import HeldOut, Part, Reading, Training
from training.node.child import Child
from training.node.learning.request import InputFile, Request, Weights

SECONDS: Final = 3600
MEMORY: Final = 64 << 30  # bytes
LENGTH: Final = 512  # tokens of a window
_NOBODY: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Measured:
    """Bits per byte over ``bytes`` of text, and how many tokens its tokenizer makes of a byte."""

    bits_per_byte: float
    tokens_per_byte: float
    bytes: int


def measure_text(
    workspace: Path, *, architecture: Mapping[str, Any], weights: Path, tokenizer: Path, text: Path
) -> Measured:
    """Return what the model makes of the lines of ``text``; ``workspace`` is an empty folder.

    Raises:
        training.node.errors.JobError: the child ended badly, or beyond its limits.
    """
    settings = Training(
        steps=1,
        batch_size=8,
        sequence_length=min(LENGTH, int(architecture["max_position_embeddings"])),
        learning_rate=1e-3,
        weight_decay=0.0,
        warmup_steps=0,
        seed=0,
    )
    file = InputFile(path=text, language="und", version=_NOBODY, part=Part.HELD_OUT, reading=Reading.LINES)
    request = Request(
        architecture=dict(architecture),
        weights=[Weights(digest=_NOBODY, path=weights)],
        teacher=None,
        files=[file],
        mixture={},
        tokenizer=tokenizer,
        held_out=HeldOut(every=2),
        training=settings,
        threads=2,
        processes=1,
    )
    request.write(workspace)
    found: dict[str, Any] = {}
    child = Child(
        module="evaluator", workspace=workspace, seconds=SECONDS, memory=MEMORY, threads=2, processes=1
    )
    with child:
        for report in child.reports(tick=1.0):
            if report is not None and report["kind"] == "result":
                found = report
    return Measured(
        bits_per_byte=float(found["bits_per_byte"]),
        tokens_per_byte=_tokens(tokenizer, text) / int(found["bytes"]),
        bytes=int(found["bytes"]),
    )


def _tokens(tokenizer: Path, text: Path) -> int:
    from tokenizers import Tokenizer

    library = Tokenizer.from_file(str(tokenizer))
    with text.open(encoding="utf-8") as lines:
        return sum(len(library.encode(line.rstrip("\n"), add_special_tokens=False).ids) for line in lines)
