"""What the tests of a job's data share: small files in every reading, and requests over them."""

import json
from pathlib import Path

from tests.training.node.conftest import SMALL, TRAINING
from training.manifest import HeldOut, Part, Reading
from training.node.learning.request import InputFile, Request

RULE = HeldOut(every=10)


def file(path, content, *, reading=Reading.LINES, version="a", part=Part.TRAIN):
    """A file of that content: bytes as they are, texts as lines, anything else as lines of JSON."""
    if not isinstance(content, bytes):
        lines = (row if isinstance(row, str) else json.dumps(row) for row in content)
        content = "".join(f"{line}\n" for line in lines).encode()
    Path(path).write_bytes(content)
    return InputFile(path=path, language="en", version=version * 64, part=part, reading=reading)


def request(*files, mixture=None, tokenizer=None, rule=RULE, **training):
    return Request(
        architecture=SMALL.model_dump(),
        weights=[],
        files=list(files),
        mixture=mixture or {},
        tokenizer=tokenizer,
        held_out=rule,
        training=TRAINING.model_copy(update=training),
        threads=1,
    )


def chats(count):
    return [
        {
            "messages": [
                {"role": "user", "content": f"say {i}"},
                {"role": "assistant", "content": f"it is {i}"},
            ]
        }
        for i in range(count)
    ]


def preferences(count):
    return [{"prompt": f"say {i}", "chosen": f"gladly: {i}", "rejected": "no"} for i in range(count)]
