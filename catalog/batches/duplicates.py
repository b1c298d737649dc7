"""Rows that describe what is here already, by address or title: a proposal, an entry, an earlier row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog.batches.describing import Described
from catalog.batches.faults import Fault
from catalog.batches.models import Batch
from catalog.batches.states import RowState
from catalog.proposals.models import Proposal
from catalog.proposals.states import ProposalState

_ENDED: Final = (ProposalState.WITHDRAWN, ProposalState.REJECTED)
_LEFT_OUT: Final = (RowState.SKIPPED, RowState.REFUSED)
_READ_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What is here by address and title: the least number of a row, the short name of a proposal."""

    rows: Mapping[str, int]
    proposals: Mapping[str, str]

    def fault(self, number: int, described: Described) -> Fault | None:
        """Return the fault ``duplicate`` of row ``number``, if something else is the same."""
        for path, key in _keys_of_record(described.record):
            if twin := self._twin(number, key):
                column = described.sources.get(path) or described.sources.get(path.partition(".")[0], "")
                return Fault(code="duplicate", field=path, column=column, told=twin)
        return None

    def _twin(self, number: int, key: str) -> dict[str, str]:
        if self.rows.get(key, number) < number:
            return {"row": str(self.rows[key])}
        return {"proposal": self.proposals[key]} if key in self.proposals else {}


def known_beside(batch: Batch) -> Known:
    """Return what stands beside a batch's rows; two queries, and memory for two keys a row."""
    rows: dict[str, int] = {}
    told = batch.rows.exclude(state__in=_LEFT_OUT).order_by("number").values_list("number", "values")
    for number, values in told.iterator(chunk_size=_READ_AT_ONCE):
        for key in _keys_of_cells(batch.columns, values):
            rows.setdefault(key, number)
    others = Proposal.objects.filter(member=batch.member).exclude(state__in=_ENDED)
    others = others.exclude(batch_row__batch=batch)
    proposals: dict[str, str] = {}
    fields = others.values_list("slug", "record__located_at", "record__title")
    for slug, address, title in fields.iterator(chunk_size=_READ_AT_ONCE):
        record = {"located_at": address, "title": title}
        proposals.update((key, slug) for _path, key in _keys_of_record(record))
    return Known(rows, proposals)


def _keys_of_record(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if isinstance(address := record.get("located_at"), str) and address:
        yield "located_at", _address_key(address)
    titles = record.get("title")
    for tag, title in titles.items() if isinstance(titles, dict) else ():
        if isinstance(title, str) and title.strip():
            yield f"title.{tag}", _title_key(title)


def _keys_of_cells(columns: list[tuple[str, str]], values: Mapping[str, str]) -> Iterator[str]:
    for column, path in columns:
        text = values.get(column, "").strip()
        if text and path == "located_at":
            yield _address_key(text)
        elif text and path.partition(".")[0] == "title":
            yield _title_key(text)


def _address_key(address: str) -> str:
    return f"@{address.strip().casefold().rstrip('/')}"


def _title_key(title: str) -> str:
    return f"={' '.join(title.split()).casefold()}"
