"""Conversations as tokens, by one fixed template of our own for every family.

Each turn is the mark that begins a text, its role, a line break, its content, and the mark that ends a text.
Nobody's words can open or close a turn, because no text can spell a mark. A model is asked by ending with
begin, ``assistant`` and the line break. What is learned is the assistant's content with its end.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.node.reading.readings import DataError, Example, Turn
from training.node.reading.tokenizing import Tokenizer


class Scored(NamedTuple):
    """A row: tokens, shape (n,), and which of them are to be predicted, shape (n,)."""

    tokens: NDArray[np.int32]
    scored: NDArray[np.bool_]


def render_turns(turns: Sequence[Turn], tokenizer: Tokenizer, *, last_only: bool = False) -> Scored:
    """Return a conversation as a row that scores all of the assistant's turns, or the last turn alone."""
    texts = [text for role, content in turns for text in (f"{role}\n", content)]
    encoded = tokenizer.encode(texts)
    begin, end = (np.array([mark], dtype=np.int32) for mark in (tokenizer.begin, tokenizer.end))
    tokens, scored = [], []
    for index, turn in enumerate(turns):
        head, content = encoded[2 * index : 2 * index + 2]
        wanted = index == len(turns) - 1 if last_only else turn.role == "assistant"
        tokens += [begin, head, content, end]
        scored += [np.zeros(1 + len(head), dtype=bool), np.full(len(content) + 1, wanted)]
    return Scored(np.concatenate(tokens), np.concatenate(scored))


def render_conversation(example: Example, tokenizer: Tokenizer) -> tuple[Scored, ...]:
    """Return one row (sft).

    Raises:
        DataError: ``reading-unfit`` when the example is no conversation.
    """
    if not example.turns or example.rejected is not None:
        raise DataError("reading-unfit", "sft learns from conversations: the reading is jsonl-messages")
    return (render_turns(example.turns, tokenizer),)


def render_preference(example: Example, tokenizer: Tokenizer) -> tuple[Scored, ...]:
    """Return two rows (dpo): the prompt with the chosen answer, and with the rejected one.

    Raises:
        DataError: ``reading-unfit`` when the example is no preference.
    """
    if example.rejected is None:
        raise DataError("reading-unfit", "dpo learns from preferences: the reading is jsonl-preferences")
    rejected = (*example.turns[:-1], Turn("assistant", example.rejected))
    return tuple(render_turns(turns, tokenizer, last_only=True) for turns in (example.turns, rejected))
