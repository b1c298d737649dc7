from hypothesis import given
from hypothesis import strategies as st

from tapestry.demonstration.facts import corpus_path
from training.manifest import HeldOut
from training.node.corpus import read_parts
from training.node.request import InputFile
from training.node.text import BEGIN, END, is_held_out, pack, windows


@given(st.text(), st.integers(1, 40))
def test_each_byte_is_predicted_exactly_once(paragraph, length):
    pieces = list(windows(paragraph, length=length))
    targets = [token for piece in pieces for token in piece[1:]]
    assert bytes(targets) == paragraph.encode()
    assert all(2 <= len(piece) <= length + 1 for piece in pieces)


@given(st.lists(st.text(min_size=1)))
def test_packing_keeps_every_byte_between_its_marks(texts):
    stream = pack(texts)
    assert stream.count(BEGIN) == stream.count(END) == len(texts)
    assert bytes(token for token in stream if token < BEGIN) == "".join(texts).encode()


def part(part, cache):
    file = InputFile(path=corpus_path("fr"), language="fr", version="c" * 64, part=part)
    return read_parts([file], rule=HeldOut(every=5), cache=cache)


def test_training_never_sees_a_held_out_paragraph(tmp_path):
    training, held_out = part("split", tmp_path)
    kept = held_out["c" * 64, "fr"]
    assert kept
    assert training
    assert not set(training) & set(kept)
    assert all(is_held_out(text, HeldOut(every=5)) for text in kept)


def test_a_file_that_is_for_one_part_only_is_not_split(tmp_path):
    assert part("train", tmp_path)[1] == {}
    assert part("held-out", tmp_path)[0] == []
