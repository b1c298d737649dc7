"""Canaries: strings that an owner planted in its text, so that it shows when a model gives them away.

Their texts stay on the machine and in no log; only the figures leave it. Pure: no torch.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.node.reading.readings import DataError

REFERENCES: Final = 511
"""Strings that each canary is compared with; with the canary itself 2**9, so exposure is at most 9 bits."""
MOST: Final = 64
"""Canaries of one version that are measured."""
LONGEST: Final = 1000
"""Characters of one canary."""
LEAST: Final = 2**20
"""Strings that a canary's form has at least: among fewer, another may well stand in the text too."""

Form = tuple[str, ...]
"""For each place of a string the characters that may stand there."""
Losses = NDArray[np.float64]


def read_canaries(path: Path) -> list[str]:
    """Return the canaries of a file of UTF-8, one a line, each once.

    Raises:
        DataError: ``file-unreadable``, ``bad-utf-8``, ``line-too-long``; without a word of the file.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise DataError.at("file-unreadable", path, error.strerror or "no such file") from None
    except UnicodeDecodeError:
        raise DataError.at("bad-utf-8", path, "this is not UTF-8") from None
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST:
            raise DataError.at("line-too-long", path, f"more than {LONGEST} characters", line=number)
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def form_of(canary: str) -> Form:
    """Return which strings look like a canary: its secret words drawn anew, the others as they are.

    Secret are the words that hold a digit, or all where none does. Of these words digits and the letters a to
    z are drawn; what else stands there stays.
    """
    words = canary.split(" ")
    numbered = [any(char.isdecimal() for char in word) for word in words]
    slots: list[str] = []
    for word, secret in zip(words, numbered if any(numbered) else [True] * len(words), strict=True):
        slots += [_alphabet(char) if secret else char for char in word] + [" "]
    return tuple(slots[:-1])


def is_telling(canary: str) -> bool:
    """Tell whether a canary's form has so many strings that a rank among some of them means something."""
    return math.prod(len(slot) for slot in form_of(canary)) >= LEAST


def references(form: Form, *, seed: str, without: Sequence[str] = ()) -> list[str]:
    """Return `REFERENCES` different strings of a form, the same ones for the same seed, none of ``without``.

    The form has at least `LEAST` strings.
    """
    chance = random.Random(seed)  # noqa: S311 - they are compared with, and keep no secret
    taken = set(without)
    found: list[str] = []
    while len(found) < REFERENCES:
        drawn = "".join(chance.choice(slot) for slot in form)
        if drawn not in taken:
            taken.add(drawn)
            found.append(drawn)
    return found


def exposure(canary: float, others: Losses) -> float:
    """Return the exposure of a canary in bits: log₂ of how many strings there are, less log₂ of its rank.

    Carlini et al. 2019, "The Secret Sharer", definition 4 by sampling. ``others`` are the losses (nats) of
    the reference strings. A string of which the model knows nothing has 1.44 bits on average. Among equals it
    ranks in the middle.
    """
    rank = 1 + np.count_nonzero(others < canary) + np.count_nonzero(others == canary) / 2
    return math.log2(len(others) + 1) - math.log2(rank)


def membership(canary: float, others: Losses) -> float:
    """Return the share of reference strings that the model finds less likely than the canary.

    Its mean over canaries is the area under the curve of an attack that takes a low loss for membership
    (Yeom et al. 2018), within strings of one form: 1/2 for guessing, 1 where all canaries are told apart.
    """
    return float(np.count_nonzero(others > canary) + np.count_nonzero(others == canary) / 2) / len(others)


def _alphabet(char: str) -> str:
    if char in ascii_lowercase:
        return ascii_lowercase
    if char in ascii_uppercase:
        return ascii_uppercase
    if char.isdecimal():  # in any script, of which the ten digits follow one another
        zero = ord(char) - int(char)
        return "".join(map(chr, range(zero, zero + 10)))
    return char
