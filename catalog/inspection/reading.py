"""The facts of a version as far as a reader may know them; nothing else leaves things out (DG:1, INV-6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.inspection.models import EntryFacts, Overlap, Preview
from catalog.inspection.overlapping import overlaps_for
from catalog.inspection.previewing import may_show_rows
from catalog.inspection.progress import Progress, progress_of
from catalog.interchange.disclosure import may_preview, may_read_details, may_read_facts
from provenance.actors import Actor

# Allow lists: what nobody thought of is not shown. The sketch is shown to nobody, since it would tell whether
# a known text is in the data; names of files and texts of remarks are details.
NUMBERS: Final = frozenset(
    {
        *("inspector", "files", "bytes", "unpacked_bytes", "records", "tokens", "encoding_errors", "formats"),
        *("languages", "language_bound", "undeclared", "not_found", "unrecognisable"),
        *("exact_duplicates", "near_duplicates", "personal_data"),
    }
)
DETAILS: Final = NUMBERS | {"duplicate_files", "licences", "remarks"}
NOTHING_YET: Final = Progress(total=0, finished=0, share=0.0, running=False, refused=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFacts:
    """What one reader sees.

    Attributes:
        state: ``withheld``, ``computed``, ``attested``, or how far the work is: ``queued``, ``running``,
            ``refused`` (no file could be read), ``none`` (there is nothing to look into here).
        facts: the parts of ``catalog.facts.EntryFacts`` that the reader may know; empty in the other states.
        row: when, by whom and on whose word; None in the other states.
        overlaps: with versions of other entries whose facts the reader may know as well, most alike first.
        rows_stay_closed: why there is no preview: ``tier``, ``rights``, or empty.
    """

    state: str
    facts: Mapping[str, Any]
    detailed: bool
    row: EntryFacts | None
    progress: Progress
    overlaps: tuple[Overlap, ...]
    previews: tuple[Preview, ...]
    rows_stay_closed: str


def facts_for(version: DatasetVersion, actor: Actor, *, brief: bool = False) -> ShownFacts:
    """Return what ``actor`` may know of a version's facts, in at most five queries however many files it has.

    The version is one that the actor may discover, with dataset and member selected. ``brief`` leaves out
    overlaps, rows and refused files, and costs one query where there are facts.
    """
    if not may_read_facts(actor, version):
        return _without_facts("withheld", NOTHING_YET)
    row = version.entry_facts.first()
    brief = brief and row is not None
    progress = NOTHING_YET if brief else _progress(version, row)
    detailed = may_read_details(actor, version)
    if row is None:
        return _without_facts(progress.state, progress if detailed else _without_names(progress))
    shown = DETAILS if detailed else NUMBERS
    return ShownFacts(
        state="attested" if row.attested_by else "computed",
        facts={name: value for name, value in row.facts.items() if name in shown},
        detailed=detailed,
        row=row,
        progress=progress if detailed else _without_names(progress),
        overlaps=() if brief else tuple(overlaps_for(version, actor)),
        previews=tuple(version.previews.all()) if not brief and may_preview(actor, version) else (),
        rows_stay_closed=_why_no_rows(version),
    )


def _without_facts(state: str, progress: Progress) -> ShownFacts:
    return ShownFacts(
        state=state,
        facts={},
        detailed=False,
        row=None,
        progress=progress,
        overlaps=(),
        previews=(),
        rows_stay_closed="",
    )


def _progress(version: DatasetVersion, row: EntryFacts | None) -> Progress:
    if row is not None and row.attested_by:
        return NOTHING_YET
    stored = version.files.filter(storage=DatasetFile.Storage.BLOB)
    return progress_of(stored.values("path", "sha256", "bytes", "storage"))


def _without_names(progress: Progress) -> Progress:
    return Progress(
        total=progress.total,
        finished=progress.finished,
        share=progress.share,
        running=progress.running,
        refused=(),
    )


def _why_no_rows(version: DatasetVersion) -> str:
    if version.tier != "open":
        return "tier"
    return "" if may_show_rows(version) else "rights"
