"""Bits per byte: what is counted, whatever the tokenizer, and what is reported."""

import json
import math

import pytest
import torch

from tests.training.node.conftest import SMALL, TRAINING
from tests.training.node.feeding import RULE, file
from training.manifest import Part, Reading
from training.merge import initial_weights
from training.node.learning import evaluator
from training.node.learning.evaluator import main, measure
from training.node.learning.model import load
from training.node.learning.request import Request, Weights
from training.node.reading.text import is_held_out
from training.node.reading.tokenizing import load_tokenizer

LARGE = SMALL.model_copy(update={"vocab_size": 304})
TEXTS = ["Mọi người đều có quyền sống, tự do", "Tout individu a droit à la vie", "a" * 70, ""]


@pytest.fixture
def weights(tmp_path):
    paths = [tmp_path / f"{seed}.safetensors" for seed in (1, 2)]
    for seed, path in enumerate(paths, 1):
        initial_weights(LARGE, seed, path)
    return paths


def plain(model, tokenizer, length):
    """Bits per byte in plain arithmetic: every token of every text from those before it in its window."""
    nats = 0.0
    for text in TEXTS:
        tokens = [tokenizer.begin, *tokenizer.encode([text])[0].tolist()]
        for start in range(0, len(tokens) - 1, length):
            window = tokens[start : start + length + 1]
            with torch.no_grad():
                logs = torch.log_softmax(model(input_ids=torch.tensor([window])).logits[0].double(), dim=-1)
            nats -= sum(float(logs[place, target]) for place, target in enumerate(window[1:]))
    return nats / math.log(2) / len("".join(TEXTS).encode())


@pytest.mark.parametrize("named", [False, True], ids=["bytes", "tokenizer.json"])
@pytest.mark.parametrize("batch", [1, 3, 50])
def test_bits_per_byte_count_the_bytes_of_the_text_whatever_the_tokens(weights, tokenizer_file, named, batch):
    tokenizer = load_tokenizer(tokenizer_file if named else None)
    model = load(LARGE.model_dump(), weights[0])
    found = measure(model, TEXTS, tokenizer, length=16, batch=batch)
    assert found.bytes == len("".join(TEXTS).encode())
    assert found.bits_per_byte == pytest.approx(plain(model, tokenizer, 16), rel=1e-5)


def test_no_text_has_no_bits(weights):
    found = measure(load(LARGE.model_dump(), weights[0]), [], load_tokenizer(None), length=16, batch=2)
    assert (found.bits_per_byte, found.bytes) == (0.0, 0)


@pytest.fixture
def workspace(tmp_path, weights, tokenizer_file):
    """Two checkpoints to be measured on files of two versions, one of them in two files."""
    lines = [f"line {i}" for i in range(60)]
    files = [
        file(tmp_path / "one", lines, version="b", part=Part.SPLIT),
        file(
            tmp_path / "two", [{"text": line} for line in lines], reading=Reading.JSONL_TEXT, part=Part.SPLIT
        ),
        file(tmp_path / "three", lines, part=Part.HELD_OUT),
        file(tmp_path / "four", lines, version="c"),
    ]
    Request(
        architecture=LARGE.model_dump(),
        weights=[Weights(digest=str(i) * 64, path=path) for i, path in enumerate(weights)],
        files=files,
        tokenizer=tokenizer_file,
        held_out=RULE,
        training=TRAINING,
        threads=1,
    ).write(tmp_path)
    return tmp_path


def test_each_checkpoint_is_reported_on_each_held_out_part(workspace, capsys):
    main(workspace)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    lines = [f"line {i}" for i in range(60)]
    kept = sum(len(line) for line in lines if is_held_out(line, RULE))
    found = [
        (row["checkpoint"][0], row["version"][0], row["bytes"]) for row in told if row["kind"] == "result"
    ]
    whole = sum(map(len, lines))
    assert found == [("0", "a", kept + whole), ("0", "b", kept), ("1", "a", kept + whole), ("1", "b", kept)]
    assert told[-1] == {"kind": "phase", "name": "evaluated", "step": 4, "steps": 4}


def test_half_precision_measures_nearly_the_same(workspace, capsys, monkeypatch):
    def results(dtype):
        asked = Request.read(workspace)
        training = asked.training.model_copy(update={"dtype": dtype})
        asked.model_copy(update={"training": training}).write(workspace)
        main(workspace)
        told = map(json.loads, capsys.readouterr().out.splitlines())
        return [row["bits_per_byte"] for row in told if row["kind"] == "result"]

    exact, half = results("fp32"), results("bf16")
    assert half == pytest.approx(exact, rel=0.01)
    assert half != exact


def test_what_can_not_be_read_is_told_by_its_code(workspace):
    import subprocess
    import sys
    from pathlib import Path

    (workspace / "two").write_text('{"text": 5}\n')
    ran = subprocess.run(
        [sys.executable, "-m", evaluator.__name__, str(workspace)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    last = json.loads(ran.stdout.splitlines()[-1])
    assert (ran.returncode, last["kind"], last["code"]) == (1, "failure", "bad-record")
    assert f"{workspace / 'two'}, line 1: " in last["text"]
