"""Any two versions of an entry side by side, as far as a reader may know of both (DG:9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.interchange.disclosure import may_read_facts, may_read_manifest, readable_record
from catalog.lifecycle.files import FileDifference, compare_files
from provenance.actors import Actor

NUMBERS: Final = (
    "records",
    "unpacked_bytes",
    "tokens.count",
    "encoding_errors",
    "exact_duplicates",
    "near_duplicates",
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One value that is another now; ``path`` is dotted, None stands for "not there"."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs. ``records`` are both records, cut down to what the reader may know of either.

    ``withheld`` tells that something was left out; ``files`` is None where the reader may not see both lists.
    """

    before: DatasetVersion
    after: DatasetVersion
    records: tuple[Mapping[str, Any], Mapping[str, Any]]
    answers: tuple[Changed, ...]
    files: FileDifference | None
    totals: tuple[Changed, ...]
    facts: tuple[Changed, ...]
    withheld: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs that the reader may know."""
        return not (self.answers or self.totals or self.facts or (self.files and self.files.changes))


def compare_versions(actor: Actor, before: DatasetVersion, after: DatasetVersion) -> Comparison:
    """Compare two versions that ``actor`` may discover, with entry and member selected; four queries at most.

    A field that the actor may read of one version only is left out of both: that it is told now and was not
    then is no change of the data.
    """
    hidden, old, new = _readable(actor, before, after)
    lists = may_read_manifest(actor, before) and may_read_manifest(actor, after)
    return Comparison(
        before=before,
        after=after,
        records=(old, new),
        answers=tuple(changed_answers(old, new)),
        files=compare_files(_manifest(before), _manifest(after)) if lists else None,
        totals=tuple(_totals(before, after)) if "summary" in new else (),
        facts=tuple(_facts(actor, before, after)),
        withheld=bool(hidden) or not lists,
    )


def changed_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Changed]:
    """Yield the values that differ between two records, in the order of their paths."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield Changed(path, old.get(path), new.get(path))


def _readable(
    actor: Actor, before: DatasetVersion, after: DatasetVersion
) -> tuple[frozenset[str], dict[str, Any], dict[str, Any]]:
    old, new = readable_record(actor, before), readable_record(actor, after)
    hidden = (before.record.keys() - old.keys()) | (after.record.keys() - new.keys())
    kept = [{name: each[name] for name in each if name not in hidden} for each in (old, new)]
    return frozenset(hidden), kept[0], kept[1]


def _leaves(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, part in value.items():
        here = f"{path}.{name}" if path else name
        if isinstance(part, Mapping):
            yield from _leaves(part, here)
        elif part not in (None, "", []):
            yield here, part


def _manifest(version: DatasetVersion) -> list[DatasetFile]:
    return list(version.files.only("path", "sha256", "bytes", "version_id"))


def _totals(before: DatasetVersion, after: DatasetVersion) -> Iterator[Changed]:
    for name in ("bytes", "records"):
        if getattr(before, name) != getattr(after, name):
            yield Changed(name, getattr(before, name), getattr(after, name))


def _facts(actor: Actor, before: DatasetVersion, after: DatasetVersion) -> Iterator[Changed]:
    """Numbers of the same inspector only: another one counts otherwise."""
    if not (may_read_facts(actor, before) and may_read_facts(actor, after)):
        return
    rows = [version.entry_facts.first() for version in (before, after)]
    if rows[0] is None or rows[1] is None or rows[0].inspector != rows[1].inspector:
        return
    old, new = (dict(_leaves(row.facts)) for row in rows if row is not None)
    for path in NUMBERS:
        if old.get(path) != new.get(path):
            yield Changed(path, old.get(path), new.get(path))
