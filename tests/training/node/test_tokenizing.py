"""Texts as numbers: by bytes, or by a family's own tokenizer.json."""

import pytest
from tokenizers import Tokenizer
from tokenizers.models import BPE

from training.node.errors import JobError
from training.node.reading.tokenizing import load_tokenizer

TEXTS = ["Tout individu a droit à la vie", "Mọi người đều có quyền sống", "", "</s> <s>"]


def test_bytes_are_their_own_numbers():
    tokenizer = load_tokenizer(None)
    assert [bytes(tokens.tolist()).decode() for tokens in tokenizer.encode(TEXTS)] == TEXTS
    assert max(tokenizer.begin, tokenizer.end) < tokenizer.size


def test_a_file_is_used_without_marks_cuts_or_padding(tokenizer_file):
    tokenizer, plain = load_tokenizer(tokenizer_file), Tokenizer.from_file(str(tokenizer_file))
    found = tokenizer.encode(TEXTS)
    assert [plain.decode(tokens.tolist(), skip_special_tokens=False) for tokens in found] == TEXTS
    assert sum(map(len, found)) < len("".join(TEXTS).encode())
    assert plain.encode(TEXTS[0]).ids != found[0].tolist()


@pytest.mark.parametrize("text", ["</s>", "<s>", "a</s>b"])
def test_no_text_can_spell_a_mark(tokenizer_file, text):
    tokenizer = load_tokenizer(tokenizer_file)
    assert not {tokenizer.begin, tokenizer.end} & set(tokenizer.encode([text])[0].tolist())


def test_one_mark_may_both_begin_and_end(tmp_path):
    made = Tokenizer(BPE())
    made.add_special_tokens(["<|endoftext|>"])
    made.save(str(tmp_path / "tokenizer.json"))
    tokenizer = load_tokenizer(tmp_path / "tokenizer.json")
    assert (tokenizer.begin, tokenizer.end, tokenizer.size) == (0, 0, 1)


def test_what_is_no_tokenizer_or_marks_no_end_is_refused(tmp_path):
    Tokenizer(BPE()).save(str(tmp_path / "unmarked"))
    (tmp_path / "text").write_text("no json")
    for name in ("unmarked", "text", "absent"):
        with pytest.raises(JobError) as error:
            load_tokenizer(tmp_path / name)
        assert error.value.code == "bad-tokenizer"
