"""Answers that two stewards changed at once, side by side, with a choice for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from catalog.design.languages import autonym
from catalog.pages.answers import Line
from catalog.pages.records import QUESTIONS, Label, Question, rows_of
from catalog.proposals.merging import Choice, Clash, Path

CHOICE: Final = "choice:"  # with the path of an answer behind it: the name of its radio buttons
SEEN: Final = "clash"  # the path of each answer that was shown side by side


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One answer as it was saved and as it was typed. ``chosen`` is empty until somebody chose."""

    path: str
    label: Label
    language: str
    theirs: tuple[Line, ...]
    mine: tuple[Line, ...]
    chosen: str

    @property
    def name(self) -> str:
        """What its radio buttons are called."""
        return CHOICE + self.path


def choices_in(sent: QueryDict) -> dict[Path, Choice]:
    """Return what was chosen of the answers that the sender saw side by side."""
    seen = {_path(path): Choice.OPEN for path in sent.getlist(SEEN)}
    told = {
        _path(name.removeprefix(CHOICE)): Choice(answer)
        for name, answer in sent.items()
        if name.startswith(CHOICE) and answer in {Choice.SAVED, Choice.MINE}
    }
    return seen | told


def side_by_side(clashes: Iterable[Clash], choices: Mapping[Path, Choice]) -> list[SideBySide]:
    """Return clashes as people read them."""
    return [_read(clash, choices) for clash in clashes]


def _read(clash: Clash, choices: Mapping[Path, Choice]) -> SideBySide:
    question = _question(clash.path)
    rest = clash.path[len(question.path.split(".")) :]
    choice = choices.get(clash.path, Choice.OPEN)
    return SideBySide(
        path=".".join(clash.path),
        label=question.label,
        language=autonym(rest[0]) if rest and question.reading == "texts" else "",
        theirs=_lines(clash.path, clash.theirs),
        mine=_lines(clash.path, clash.mine),
        chosen="" if choice is Choice.OPEN else str(choice),
    )


def _question(path: Path) -> Question:
    """Return the question that an answer, or a part of one, belongs to."""
    dotted = ".".join(path)
    fits = [each for each in QUESTIONS if f"{dotted}.".startswith(f"{each.path}.")]
    return max(fits, key=lambda each: len(each.path), default=Question(dotted, dotted, ""))


def _lines(path: Path, value: Any) -> tuple[Line, ...]:
    record: Any = value
    for name in reversed(path):
        record = {name: record}
    read = tuple(line for row in rows_of(record) for line in row.lines)
    return read or (() if value is None else (Line(text=str(value)),))


def _path(text: str) -> Path:
    return tuple(text.split("."))
