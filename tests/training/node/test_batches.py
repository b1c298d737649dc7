"""What a training reads: shares, packing, shuffling, shards, and going on as if nothing had happened."""

import json
from collections import Counter
from itertools import islice

import pytest
import torch

from tapestry.demonstration.facts import corpus_path
from tests.training.node.feeding import chats, file, preferences, request
from training.manifest import HeldOut, Part, Reading
from training.node.errors import JobError
from training.node.reading import batches as module
from training.node.reading.batches import IGNORED, Batches
from training.node.reading.readings import DataError
from training.node.reading.text import BEGIN, END, is_held_out
from training.node.reading.tokenizing import load_tokenizer


def batches(asked, **place):
    return Batches(asked, load_tokenizer(asked.tokenizer), **place)


def tensors(source, count):
    return [part for batch in islice(source, count) for part in batch.values()]


def strand(version, language="en"):
    return f"{version * 64} {language}"


def alike(some, others):
    return len(some) == len(others) and all(map(torch.equal, some, others))


@pytest.fixture(params=["cpt", "sft", "dpo", "table"])
def asked(request, tmp_path, monkeypatch):
    """A request for each objective over two versions, the second in two files, with small blocks."""
    monkeypatch.setattr(module, "BLOCK", 100)
    rows = {"sft": chats(30), "dpo": preferences(30)}.get(
        request.param, [f"paragraph {i}" for i in range(30)]
    )
    reading = {"sft": Reading.JSONL_MESSAGES, "dpo": Reading.JSONL_PREFERENCES}.get(
        request.param, Reading.LINES
    )
    if request.param == "table":
        parquet = pytest.importorskip("pyarrow.parquet")
        import pyarrow as pa

        parquet.write_table(pa.table({"text": rows}), tmp_path / "t", row_group_size=7)
        rows, reading = (tmp_path / "t").read_bytes(), Reading.PARQUET_TEXT
    files = [
        file(tmp_path / f"{i}", rows, reading=reading, version=version, part=Part.SPLIT)
        for i, version in enumerate("abb")
    ]
    return feeding(files, request.param)


def feeding(files, name):
    objective = name if name in {"sft", "dpo"} else "cpt"
    return request(*files, objective=objective, batch_size=3, sequence_length=30)


@pytest.mark.parametrize("steps", [0, 1, 7, 40])
def test_a_resumed_stream_gives_the_batches_of_an_unbroken_one(asked, steps):
    unbroken, resumed = batches(asked), batches(asked)
    list(islice(unbroken, steps))
    resumed.load_state_dict(json.loads(json.dumps(unbroken.state_dict())))
    assert alike(tensors(resumed, 12), tensors(unbroken, 12))


@pytest.mark.parametrize("world", [2, 3, 5])
def test_together_the_ranks_see_what_one_process_sees(asked, world):
    whole = next(batches(asked))["targets"]
    shares = [next(batches(asked, rank=rank, world=world))["targets"] for rank in range(world)]
    seen = Counter(tuple(t for t in row.tolist() if t != IGNORED) for share in shares for row in share)
    seen.pop((), None)
    assert seen == Counter(tuple(t for t in row.tolist() if t != IGNORED) for row in whole)


def test_a_state_is_the_same_for_every_rank(asked):
    first, second = batches(asked), batches(asked, rank=1, world=2)
    tensors(first, 5), tensors(second, 5)
    assert first.state_dict() == second.state_dict()


def test_a_stream_is_packed_without_a_gap_and_each_token_is_a_target_once(tmp_path):
    rows = [f"line {i} of a text" for i in range(50)]
    source = batches(request(file(tmp_path / "f", rows), batch_size=1, sequence_length=20))
    stream = [BEGIN]
    while source.epochs.get(strand("a"), 0) < 1:
        batch = next(source)
        assert batch["input_ids"].shape == batch["targets"].shape == (1, 20)
        assert batch["input_ids"][0, 0] == stream[-1]
        assert torch.equal(batch["input_ids"][0, 1:], batch["targets"][0, :-1])
        stream += batch["targets"][0].tolist()
    texts = [bytes(part).decode() for part in split(stream)]
    assert sorted(texts[:50]) == sorted(rows)
    assert texts[:50] != rows


def split(stream):
    """The documents of a packed stream that are whole in it."""
    document = []
    for token in stream:
        if token == END:
            yield document
        document = [] if token >= BEGIN else [*document, token]


def test_a_second_pass_has_another_order_and_the_seed_decides_it(tmp_path):
    files = [file(tmp_path / "f", [f"{i:03}" for i in range(100)])]
    first, same, other = (
        tensors(batches(request(*files, seed=seed, sequence_length=50)), 5) for seed in (1, 1, 2)
    )
    assert alike(first, same)
    assert not alike(first, other)
    stream = torch.cat(tensors(batches(request(*files, batch_size=1, sequence_length=50)), 30)[1::2], dim=1)
    texts = list(split([BEGIN, *stream[0].tolist()]))
    assert texts[:100] != texts[100:200]
    assert sorted(texts[:100]) == sorted(texts[100:200])


@pytest.mark.parametrize("mixture", [{"a" * 64: 0.7, "b" * 64: 0.2, "c" * 64: 0.1}, {}])
def test_long_run_shares_of_tokens_are_the_declared_ones_or_those_of_the_bytes(tmp_path, mixture):
    sizes = {"a": 100, "b": 300, "c": 600}
    files = [file(tmp_path / name, [name * 9] * size, version=name) for name, size in sizes.items()]
    source = batches(request(*files, mixture=mixture, batch_size=10, sequence_length=20))
    seen = Counter(token for batch in islice(source, 50) for token in batch["targets"].flatten().tolist())
    letters = sum(seen[ord(name)] for name in sizes)
    for name, size in sizes.items():
        assert seen[ord(name)] / letters == pytest.approx(mixture.get(name * 64, size / 1000), abs=0.01)


def test_a_version_begins_again_when_it_ends_and_its_passes_are_counted(tmp_path):
    files = [file(tmp_path / "a", ["x"] * 4), file(tmp_path / "b", ["long"] * 4000, version="b")]
    source = batches(request(*files, mixture={"a" * 64: 0.5, "b" * 64: 0.5}, sequence_length=20))
    list(islice(source, 10))
    assert source.epochs == {strand("a"): 33, strand("b"): 0}


def test_training_never_sees_a_held_out_paragraph():
    rule = HeldOut(every=5)
    given = request(
        file_of("fr").model_copy(update={"part": Part.SPLIT}), rule=rule, batch_size=1, sequence_length=64
    )
    stream = torch.cat(tensors(batches(given), 1500)[1::2], dim=1)[0].tolist()
    seen = {bytes(part).decode() for part in split([BEGIN, *stream])}
    every = {line for line in corpus_path("fr").read_text().splitlines() if line.strip()}
    assert seen == {line for line in every if not is_held_out(line, rule)}
    assert seen < every


def file_of(language):
    from training.node.learning.request import InputFile

    return InputFile(path=corpus_path(language), language=language, version="c" * 64, part=Part.TRAIN)


def test_a_version_of_which_all_is_held_out_has_no_share_unless_one_was_declared(tmp_path):
    kept = next(text for text in map(str, range(999)) if is_held_out(text, HeldOut(every=10)))
    files = [file(tmp_path / "a", [kept], part=Part.SPLIT), file(tmp_path / "b", ["text"] * 99, version="b")]
    source = batches(request(*files))
    list(islice(source, 9))
    assert set(source.epochs) == {strand("b")}
    for asked in (request(*files, mixture={"a" * 64: 0.5, "b" * 64: 0.5}), request(files[0])):
        with pytest.raises(DataError) as error:
            list(islice(batches(asked), 9))
        assert error.value.code == "nothing-to-train-on"


def test_each_language_of_a_version_has_its_part_of_every_training(tmp_path):
    kept = [text for text in map(str, range(9999)) if is_held_out(text, HeldOut(every=10))]
    files = [file(tmp_path / name, [name * 9] * 100, version="b") for name in "xyz"]
    files += [file(tmp_path / "all-held-out", kept, version="b", part=Part.SPLIT)]
    files = [part.model_copy(update={"language": f"l{i}"}) for i, part in enumerate(files)]
    files += [file(tmp_path / "a", ["a" * 9] * 100)]
    mixture = {"a" * 64: 0.25, "b" * 64: 0.75}
    source = batches(request(*files, mixture=mixture, batch_size=10, sequence_length=20))
    seen = Counter(token for batch in islice(source, 20) for token in batch["targets"].flatten().tolist())
    letters = sum(seen[ord(name)] for name in "axyz")
    assert all(seen[ord(name)] / letters == pytest.approx(0.25, abs=0.02) for name in "axyz")


def test_only_the_assistants_words_and_its_end_are_targets(tmp_path):
    turns = [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "one?"},
        {"role": "assistant", "content": "1"},
        {"role": "user", "content": "two?"},
        {"role": "assistant", "content": "2!"},
    ]
    chat = file(tmp_path / "c", [{"messages": turns}], reading=Reading.JSONL_MESSAGES)
    batch = next(batches(request(chat, objective="sft", batch_size=1, sequence_length=80)))
    targets = [token for token in batch["targets"][0].tolist() if token != IGNORED]
    assert targets == [*b"1", END, *b"2!", END]
    assert batch["input_ids"][0, :17].tolist() == [BEGIN, *b"system\nbe brief", END]


def test_of_a_preference_only_the_answers_are_targets(tmp_path):
    pair = file(tmp_path / "p", preferences(1), reading=Reading.JSONL_PREFERENCES)
    batch = next(batches(request(pair, objective="dpo", batch_size=1, sequence_length=60)))
    chosen, rejected = ([t for t in row if t != IGNORED] for row in batch["targets"].tolist())
    assert (chosen, rejected) == ([*b"gladly: 0", END], [*b"no", END])


def test_answers_behind_the_cut_are_passed_over(tmp_path):
    long = {"messages": [{"role": "user", "content": "x" * 99}, {"role": "assistant", "content": "y"}]}
    rows = [long, *chats(1), long]
    reading = Reading.JSONL_MESSAGES
    asked = request(file(tmp_path / "c", rows, reading=reading), objective="sft", sequence_length=40)
    assert (next(batches(asked))["targets"] != IGNORED).any(dim=1).all()
    with pytest.raises(DataError, match="within 40 tokens"):
        next(
            batches(
                request(file(tmp_path / "c", [long], reading=reading), objective="sft", sequence_length=40)
            )
        )


@pytest.mark.parametrize("objective", ["sft", "dpo"])
def test_data_that_do_not_fit_the_objective_are_refused(tmp_path, objective):
    with pytest.raises(DataError) as error:
        next(batches(request(file(tmp_path / "f", ["plain"] * 9), objective=objective)))
    assert error.value.code == "reading-unfit"


def test_a_tokenizer_that_is_too_large_for_the_model_is_refused(tmp_path, tokenizer_file):
    asked = request(file(tmp_path / "f", ["x"]), tokenizer=tokenizer_file)
    with pytest.raises(JobError, match="300 tokens where the model has 264"):
        batches(asked)
