"""From texts to numbers: the bytes of UTF-8, or a family's own ``tokenizer.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from training.node.errors import JobError
from training.node.reading.text import BEGIN, END

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer as File


# A tokenizer.json does not say which of its special tokens begin and end a text: these are the names in use.
BEGINNINGS: Final = ("<|begin_of_text|>", "<s>", "<bos>", "[BOS]", "<|startoftext|>")
ENDS: Final = ("<|end_of_text|>", "</s>", "<eos>", "[EOS]", "<|endoftext|>")


class Tokenizer(Protocol):
    """Texts as token numbers, without loss of order and without marks.

    Attributes:
        begin: the mark before a text. end: the mark behind it; the two may be one. size: numbers in use.
    """

    begin: int
    end: int
    size: int

    def encode(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return the tokens of each text, shape (tokens,); no text can spell a mark."""


class Bytes:
    """Each byte of UTF-8 is a token."""

    begin = BEGIN
    end = END
    size = 258

    def encode(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return the bytes of each text."""
        return [np.frombuffer(text.encode(), dtype=np.uint8).astype(np.int32) for text in texts]


class FileTokenizer:
    """A ``tokenizer.json`` through Hugging Face ``tokenizers``; encodes many texts in parallel."""

    def __init__(self, file: File) -> None:
        self._file = file
        file.no_truncation()
        file.no_padding()
        file.encode_special_tokens = True  # a mark's name within a text is text
        special = {
            str(token): number for number, token in file.get_added_tokens_decoder().items() if token.special
        }
        begin = next((special[name] for name in BEGINNINGS if name in special), None)
        end = next((special[name] for name in ENDS if name in special), begin)
        if end is None:
            raise JobError("bad-tokenizer", f"the tokenizer has none of the marks {', '.join(ENDS)}")
        self.begin, self.end = end if begin is None else begin, end
        self.size = max(file.get_vocab(with_added_tokens=True).values()) + 1

    def encode(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return the tokens of each text."""
        found = self._file.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(text.ids, dtype=np.int32) for text in found]


def load_tokenizer(path: Path | None) -> Tokenizer:
    """Return the tokenizer in a file, or that of bytes for None.

    Raises:
        JobError: ``bad-tokenizer``.
    """
    if path is None:
        return Bytes()
    from tokenizers import Tokenizer as File

    try:
        file = File.from_file(str(path))
    except Exception:  # noqa: BLE001 - the library raises Exception itself
        raise JobError("bad-tokenizer", f"{path} is not a tokenizer.json") from None
    return FileTokenizer(file)
