"""Two texts side by side, word by word: which words went, which came, which stayed."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final

# Beyond this, or where nothing is alike, a text is shown as replaced: the comparison takes quadratic time.
MOST_WORDS: Final = 1500
LEAST_ALIKE: Final = 0.3


class Mark(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row that share a mark."""

    mark: Mark
    text: str


def mark_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in reading order; leaving out the added ones gives ``before`` again.

    Texts that are too long, or of which less than a third is alike, are replaced as a whole.
    """
    old, new = list(split_words(before)), list(split_words(after))
    if max(len(old), len(new)) > MOST_WORDS:
        return _replaced(before, after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < LEAST_ALIKE or matcher.ratio() < LEAST_ALIKE:
        return _replaced(before, after)
    pieces = []
    for verb, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if verb == "equal":
            pieces.append(Piece(Mark.SAME, "".join(old[old_from:old_to])))
        else:
            pieces.extend(_replaced("".join(old[old_from:old_to]), "".join(new[new_from:new_to])))
    return tuple(pieces)


def split_words(text: str) -> Iterator[str]:
    """Split into words, spaces and single signs, so that joining them gives the text again.

    Letters of scripts that are written without spaces stand alone; marks stay with what they sit on.
    """
    word = ""
    for kind, letters in groupby(text, _kind):
        run = "".join(letters)
        if kind == "mark" or (kind == "letter" and word and _kind(word[0]) == "letter"):
            word += run
            continue
        if word:
            yield word
        *alone, word = list(run) if kind == "sign" else [run]
        yield from alone
    if word:
        yield word


def _replaced(before: str, after: str) -> tuple[Piece, ...]:
    both = (Piece(Mark.REMOVED, before), Piece(Mark.ADDED, after))
    return tuple(piece for piece in both if piece.text)


def _kind(character: str) -> str:
    if unicodedata.category(character).startswith("M"):
        return "mark"
    if character.isspace():
        return "space"
    spaced = character.isalnum() and unicodedata.category(character) != "Lo"
    return "letter" if spaced or _is_spaced_script(character) else "sign"


def _is_spaced_script(character: str) -> bool:
    """Tell letters of scripts without case: Arabic or Devanagari have spaces, Han, kana or Thai have none."""
    if not character.isalpha():
        return False
    name = unicodedata.name(character, "")
    return not name.startswith(
        ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "BOPOMOFO", "YI ")
    )
