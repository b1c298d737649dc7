"""What one record of a file says: the manifest's readings, record by record. Pure: no torch, no files.

Errors name the file, the record and the rule. They travel to the coordinator, so they never hold data.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from training.manifest import Reading
from training.node.errors import JobError

ROLES: Final = ("system", "user", "assistant")


class DataError(JobError):
    """A file that can not be read as its manifest says, or has nothing for this job.

    Codes: ``file-unreadable``, ``bad-utf-8``, ``line-too-long``, ``bad-json``, ``bad-record``,
    ``bad-parquet``, ``nothing-to-train-on``, ``reading-unfit``.
    """

    @classmethod
    def at(cls, code: str, path: Path, what: str, *, line: int = 0) -> "DataError":
        """Return the error of one line (counted from one; 0: of the file as a whole)."""
        return cls(code, f"{path}, line {line}: {what}" if line else f"{path}: {what}")


class BadRecord(ValueError):  # noqa: N818 - becomes a DataError where file and line are known
    """A record breaks the rule in ``args``: (code, what)."""


class Turn(NamedTuple):
    """What one side of a conversation says; ``role`` is one of ROLES."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Example:
    """One record. The held-out rule and evaluations look at ``text``, whatever the reading.

    Attributes:
        text: the paragraph; of a conversation its canonical text, a line ``role: content`` for each turn.
        turns: the conversation, empty for plain text. A preference ends in the answer that was chosen.
        rejected: the answer that a preference turns down.
    """

    text: str
    turns: tuple[Turn, ...] = ()
    rejected: str | None = None


def example_of(text: str, reading: Reading) -> Example | None:
    """Return what a record says, or None for an empty one.

    Raises:
        BadRecord: ``bad-json`` or ``bad-record``.
    """
    if not text.strip():
        return None
    if reading not in _SHAPES:
        return Example(text)
    record = _object(text)
    try:
        example = _SHAPES[reading](record)
        example.text.encode()
        (example.rejected or "").encode()
    except UnicodeEncodeError:
        raise BadRecord("bad-record", "a text holds half of a surrogate pair") from None
    return example if example.text.strip() else None


def _object(text: str) -> Mapping[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        # The parser's own message quotes nothing, but counts columns in what may be private: left out.
        raise BadRecord("bad-json", "this is not JSON") from None
    if not isinstance(record, dict):
        raise BadRecord("bad-record", "a record is a JSON object")
    return record


def _string(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        raise BadRecord("bad-record", f"`{name}` is missing or no text")
    return value


def _text(record: Mapping[str, Any]) -> Example:
    return Example(_string(record, "text"))


def _messages(record: Mapping[str, Any]) -> Example:
    said = record.get("messages")
    if not isinstance(said, list) or not said:
        raise BadRecord("bad-record", "`messages` is missing, empty or no list")
    if not all(isinstance(item, dict) and item.get("role") in ROLES for item in said):
        raise BadRecord("bad-record", f"each message is an object with a `role` of {', '.join(ROLES)}")
    return _conversation(tuple(Turn(item["role"], _string(item, "content")) for item in said))


def _preferences(record: Mapping[str, Any]) -> Example:
    prompt, chosen, rejected = (_string(record, name) for name in ("prompt", "chosen", "rejected"))
    return _conversation((Turn("user", prompt), Turn("assistant", chosen)), rejected)


def _conversation(turns: tuple[Turn, ...], rejected: str | None = None) -> Example:
    return Example("\n".join(f"{role}: {content}" for role, content in turns), turns, rejected)


_SHAPES: Final[Mapping[Reading, Callable[[Mapping[str, Any]], Example]]] = {
    Reading.JSONL_TEXT: _text,
    Reading.JSONL_MESSAGES: _messages,
    Reading.JSONL_PREFERENCES: _preferences,
}
