"""From text to the terms that an index holds. Every backend stores and asks for exactly these.

One analysis for all languages, since an entry is written in several at once: case and accents are folded,
scripts without spaces are cut into pairs of characters, and neighbouring words are also joined, so that
"childcare" and "child care" meet. Pure: no Django, no index.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

LONGEST_TERM: Final = 40  # characters; what is longer is a checksum or noise, and is found by its beginning
MOST_WORDS: Final = 16  # of a query; the rest of a pasted page would only slow the answer down
SHORTEST_PREFIX: Final = 2  # characters that a last, perhaps unfinished, word needs

# Letters that no Unicode decomposition turns into their plain form, though readers take them for it.
_PLAIN: Final = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "þ": "th"}
)
# Code points of scripts that write words without spaces between them: Thai, Lao, Myanmar, Khmer, kana, Han.
_UNSPACED: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS: Final = range(0x300, 0x1E000)
_LATIN_PLURAL: Final = re.compile(r"[a-z]{2,}[^\Ws\d_]s")
_ABOVE: Final = 200  # combining classes from here on sit above or below letters: accents, not vowels
_POINTS: Final = range(10, 36)  # Hebrew points and Arabic vowel signs, mostly left out in writing


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query; any of ``terms`` answers it, or a term that begins with ``prefix``."""

    terms: tuple[str, ...]
    prefix: str = ""


@cache
def _accents() -> dict[int, None]:
    """Map the combining marks that sit above or below letters to nothing; vowel signs and kana marks stay."""
    classes = {code: unicodedata.combining(chr(code)) for code in _MARKS}
    return {code: None for code, found in classes.items() if found >= _ABOVE or found in _POINTS}


@cache
def _pieces() -> re.Pattern[str]:
    r"""Match a run of an unspaced script, or a word of any other script, with its combining marks.

    Python's ``\w`` leaves out the marks that Indic scripts write vowels with, so they are listed here.
    """
    marks = "".join(chr(code) for code in _MARKS if unicodedata.category(chr(code))[0] == "M")
    run = f"[{_UNSPACED}][{_UNSPACED}{marks}]*"
    return re.compile(f"(?P<run>{run})|(?:(?![{_UNSPACED}])[^\\W_][{marks}]*)+")


def fold(text: str) -> str:
    """Return ``text`` without differences of case, width and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_accents())
    return unicodedata.normalize("NFC", plain).casefold().translate(_PLAIN)


def index_terms(text: str) -> list[str]:
    """Return every term under which ``text`` can be found, in reading order."""
    terms: list[str] = []
    before = ""
    for word, unspaced in _words(text):
        if unspaced:
            terms += [*word, *_pairs(word)]
            before = ""
            continue
        terms.append(_stem(word))
        if before:
            terms.append(_stem(before + word))
        before = word
    return terms


def query_words(text: str) -> list[QueryWord]:
    """Return what an entry must have to match ``text``; empty when there is no word in it.

    Never raises: any string is a query.
    """
    words = list(itertools.islice(_words(text), MOST_WORDS))
    found: list[QueryWord] = []
    for position, (word, unspaced) in enumerate(words):
        if unspaced:
            found += [QueryWord((pair,)) for pair in _pairs(word) or [word]]
            continue
        own, before, after = _stem(word), words[position - 1 : position], words[position + 1 : position + 2]
        joined = [_stem(other + word) for other, apart in before if not apart]
        joined += [_stem(word + other) for other, apart in after if not apart]
        unfinished = not after and len(own) >= SHORTEST_PREFIX
        found.append(QueryWord((own, *joined), own if unfinished else ""))
    return found[:MOST_WORDS]


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each folded word, and whether it is a run of an unspaced script."""
    for match in _pieces().finditer(fold(text)):
        yield match[0], match["run"] is not None


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]


def _stem(word: str) -> str:
    """Take the plural s of Latin scripts off, the one ending that so many of their languages share."""
    word = word[:-1] if _LATIN_PLURAL.fullmatch(word) else word
    return word[:LONGEST_TERM]
