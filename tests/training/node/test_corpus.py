"""What a file holds, record by record: streamed, split by content, and clear about what is wrong with it."""

import json
import tracemalloc

import datasets
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.training.node.feeding import RULE, chats, file, preferences
from training.manifest import Part, Reading
from training.node.reading.corpus import LONGEST, Place, is_wanted, read_examples, read_held_out
from training.node.reading.readings import DataError, Turn
from training.node.reading.text import is_held_out

SECRET = "the king's letter"
TEXT, MESSAGES, PREFERENCES = Reading.JSONL_TEXT, Reading.JSONL_MESSAGES, Reading.JSONL_PREFERENCES


def table(path, **columns):
    parquet.write_table(pa.table(columns), path, row_group_size=7)
    return file(path, path.read_bytes(), reading=Reading.PARQUET_TEXT)


@pytest.fixture(params=list(Reading))
def readable(request, tmp_path):
    """A file of twenty records in each reading, the third of them empty where a reading knows empty ones."""
    texts = [f"{SECRET} {i}" for i in range(20)]
    texts[2] = " "
    if request.param is Reading.PARQUET_TEXT:
        return table(tmp_path / "file", text=texts)
    rows = {
        Reading.LINES: texts,
        TEXT: [{"text": text, "from": 1} for text in texts],
        MESSAGES: chats(20),
        PREFERENCES: preferences(20),
    }
    return file(tmp_path / "file", rows[request.param], reading=request.param)


def test_every_reading_gives_its_records_in_order_and_leaves_empty_ones_out(readable):
    found = [example.text for example, _ in read_examples(readable)]
    assert len(found) == (20 if readable.reading in {MESSAGES, PREFERENCES} else 19)
    assert [int(text.split()[-1]) for text in found] == sorted(int(text.split()[-1]) for text in found)


def test_reading_goes_on_from_any_place(readable):
    found = list(read_examples(readable))
    for number, (_, place) in enumerate(found, 1):
        assert list(read_examples(readable, place)) == found[number:]


def test_a_conversation_and_a_preference_keep_their_turns(tmp_path):
    ((chat, _),) = read_examples(file(tmp_path / "c", chats(1), reading=MESSAGES))
    ((pair, _),) = read_examples(file(tmp_path / "p", preferences(1), reading=PREFERENCES))
    assert chat.turns == (Turn("user", "say 0"), Turn("assistant", "it is 0"))
    assert (pair.turns[-1].content, pair.rejected, pair.text) == (
        "gladly: 0",
        "no",
        "user: say 0\nassistant: gladly: 0",
    )


GOOD = {
    Reading.LINES: SECRET,
    TEXT: json.dumps({"text": SECRET}),
    MESSAGES: json.dumps({"messages": [{"role": "user", "content": SECRET}]}),
    PREFERENCES: json.dumps({"prompt": SECRET, "chosen": "a", "rejected": "b"}),
}


@pytest.mark.parametrize(
    ("reading", "bad", "code"),
    [
        (Reading.LINES, SECRET.encode() + b"\xff\xfe", "bad-utf-8"),
        (Reading.LINES, SECRET.encode() * (50_000_000 // len(SECRET)), "line-too-long"),
        (TEXT, b'{"text": "' + SECRET.encode(), "bad-json"),
        (TEXT, b'{"text": ' + b"[" * 200_000, "bad-json"),
        (TEXT, b'{"text": ' + b"1" * 9_999 + b"}", "bad-json"),
        (TEXT, b'{"text": {"is": "' + SECRET.encode() + b'"}}', "bad-record"),
        (TEXT, b'{"texts": "' + SECRET.encode() + b'"}', "bad-record"),
        (TEXT, b'"' + SECRET.encode() + b'"', "bad-record"),
        (TEXT, b'{"text": "\\ud800 ' + SECRET.encode() + b'"}', "bad-record"),
        (MESSAGES, b'{"messages": []}', "bad-record"),
        (MESSAGES, b'{"messages": ["' + SECRET.encode() + b'"]}', "bad-record"),
        (MESSAGES, b'{"messages": [{"role": "king", "content": "x"}]}', "bad-record"),
        (MESSAGES, b'{"messages": [{"role": ["user"], "content": "x"}]}', "bad-record"),
        (MESSAGES, b'{"messages": [{"role": "user", "content": null}]}', "bad-record"),
        (PREFERENCES, b'{"prompt": "x", "chosen": "y"}', "bad-record"),
        (PREFERENCES, b'{"prompt": "x", "chosen": "y", "rejected": "\\udfff"}', "bad-record"),
    ],
)
def test_a_broken_record_is_named_by_code_file_and_line_and_never_quoted(tmp_path, reading, bad, code):
    broken = file(tmp_path / "broken.jsonl", GOOD[reading].encode() + b"\n\n" + bad + b"\n", reading=reading)
    with pytest.raises(DataError) as error:
        list(read_examples(broken))
    assert error.value.code == code
    assert f"{broken.path}, line 3: " in str(error.value)
    assert not any(word in str(error.value) for word in SECRET.split())


def test_a_table_without_texts_is_named(tmp_path):
    for name, columns in {"numbers": {"text": [1, 2]}, "absent": {"body": [SECRET]}}.items():
        with pytest.raises(DataError, match=name) as error:
            list(read_examples(table(tmp_path / name, **columns)))
        assert error.value.code == "bad-record"


def test_a_damaged_table_is_named_and_not_quoted(tmp_path, caplog):
    whole = table(tmp_path / "t", text=[f"{SECRET} {i}" for i in range(99)])
    content = bytearray(whole.path.read_bytes())
    content[20:400] = b"\x7f" * 380
    for bad in (bytes(content), bytes(content[:-9]), b"PAR1", b""):
        with pytest.raises(DataError, match="not a sound Parquet file") as error:
            list(read_examples(file(tmp_path / "t", bad, reading=Reading.PARQUET_TEXT)))
        assert error.value.code == "bad-parquet"
    assert "letter" not in caplog.text


def test_a_table_can_not_make_a_text_a_file_to_open(tmp_path):
    features = datasets.Features({"text": datasets.Image()})
    told = pa.table({"text": ["/etc/hostname"]}).replace_schema_metadata(
        {"huggingface": json.dumps({"info": {"features": features.to_dict()}})}
    )
    parquet.write_table(told, tmp_path / "t")
    hostile = file(tmp_path / "t", (tmp_path / "t").read_bytes(), reading=Reading.PARQUET_TEXT)
    assert [example.text for example, _ in read_examples(hostile)] == ["/etc/hostname"]


def test_a_long_value_of_a_table_is_refused_like_a_long_line(tmp_path):
    with pytest.raises(DataError) as error:
        list(read_examples(table(tmp_path / "t", text=["x", "y" * (LONGEST + 1)])))
    assert (error.value.code, "line 2" in str(error.value)) == ("line-too-long", True)


def test_a_file_that_is_not_there_is_named(tmp_path):
    gone = file(tmp_path / "gone", ["x"])
    gone.path.unlink()
    with pytest.raises(DataError) as error:
        list(read_examples(gone))
    assert (error.value.code, str(gone.path) in str(error.value)) == ("file-unreadable", True)


def test_line_ends_and_a_byte_order_mark_are_no_text(tmp_path):
    odd = file(tmp_path / "odd", "\ufeffone\r\ntwo\n\r\nthree".encode())
    assert [example.text for example, _ in read_examples(odd)] == ["one", "two", "three"]
    assert list(read_examples(odd))[-1][1] == Place(odd.path.stat().st_size, 4)


def test_a_split_is_by_content_whatever_the_reading(readable):
    split = readable.model_copy(update={"part": Part.SPLIT})
    examples = [example for example, _ in read_examples(split)]
    kept = list(read_held_out(split, RULE))
    assert kept == [example.text for example in examples if is_held_out(example.text, RULE)]
    trained = [example.text for example in examples if is_wanted(example, split, RULE, training=True)]
    assert sorted(kept + trained) == sorted(example.text for example in examples)


def test_a_file_that_is_for_one_part_only_is_not_split(readable):
    for part, kept in ((Part.TRAIN, 0), (Part.HELD_OUT, len(list(read_examples(readable))))):
        assert len(list(read_held_out(readable.model_copy(update={"part": part}), RULE))) == kept


def test_memory_does_not_grow_with_the_file(tmp_path):
    large = file(tmp_path / "large", [f"{i} {'word ' * 200}" for i in range(16_000)])
    next(read_examples(large))  # what the library loads once does not count
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_examples(large)) == 16_000
        assert tracemalloc.get_traced_memory()[1] < large.path.stat().st_size / 8
    finally:
        tracemalloc.stop()
