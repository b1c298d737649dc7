"""How far a batch has come, and what is wrong with its rows."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from catalog.batches.faults import Fault, faults_of
from catalog.batches.models import Batch, Row
from catalog.batches.states import BatchState, RowState

MOST_NAMED: Final = 12  # rows of a group


@dataclass(frozen=True, slots=True)
class Standing:
    """Numbers of rows by state. ``moves`` while a worker is at it."""

    counts: dict[str, int]
    moves: bool

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Rows that nobody has to come to any more before they can be looked at."""
        return self.total - self.counts[RowState.WAITING]


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Faults of one kind in one column: an example, how many, and the first rows that have it."""

    fault: Fault
    count: int
    rows: Sequence[int]

    @property
    def more(self) -> int:
        """Rows that are not named."""
        return self.count - len(self.rows)


def standing_of(batch: Batch) -> Standing:
    """Return how far a batch has come; one query."""
    found = dict(batch.rows.order_by().values_list("state").annotate(Count("pk")))
    return Standing(
        {state: found.get(state, 0) for state in RowState.values}, batch.state == BatchState.WORKING
    )


def groups_of(batch: Batch) -> list[FaultGroup]:
    """Return the faults by column and code, the most frequent first; one query."""
    examples: dict[tuple[str, str], Fault] = {}
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    counts: Counter[tuple[str, str]] = Counter()
    faulty = batch.rows.filter(state=RowState.FAULTY).order_by("number").values_list("number", "faults")
    for number, stored in faulty.iterator():
        for fault in faults_of(stored):
            kind = (fault.column, fault.code)
            examples.setdefault(kind, fault)
            counts[kind] += 1
            rows[kind][MOST_NAMED:] = []
            if len(rows[kind]) < MOST_NAMED:
                rows[kind].append(number)
    return [FaultGroup(examples[kind], count, rows[kind]) for kind, count in counts.most_common()]


def next_faulty(batch: Batch, after: int = 0) -> Row | None:
    """Return the next row to repair, from the start again when there is none behind."""
    faulty = batch.rows.filter(state=RowState.FAULTY).order_by("number")
    return faulty.filter(number__gt=after).first() or faulty.first()


def name_of_row(row: Row, columns: Sequence[Sequence[str]]) -> str:
    """Return what a row calls its dataset, as it stands in the table; "" where it says nothing."""
    titled = (column for column, path in columns if path.partition(".")[0] == "title")
    return next((text for column in titled if (text := row.values.get(column, ""))), "")
