"""The first rows of a few files of an open version, where its owner lets them be passed on."""

from typing import Any, Final

from django.db import transaction

from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.facts import INSPECTOR, FileFacts, FileRefused, inspect_in_child
from catalog.inspection.models import Inspection, Preview
from catalog.inspection.running import LIMITS, without_nul
from catalog.inspection.states import InspectionState
from catalog.interchange.disclosure import may_preview
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS
from provenance.blobs import get_store
from provenance.blobs.store import BlobMissing

MOST_FILES: Final = 5
MOST_ROWS: Final = 20
LARGEST: Final = 256 * 2**20  # bytes: rows are shown for orientation, not worth minutes of reading again


def keep_previews(version_id: int) -> int:
    """Keep the first rows of up to five files, each at most 256 MiB; return how many files that are.

    None where the version is not open, not everybody may see rows yet, or its rights do not permit passing
    data on. A file in which personal data were found is passed over: what can be downloaded need not stand on
    a page.
    """
    version = DatasetVersion.objects.select_related("dataset__member").filter(pk=version_id).first()
    if version is None or not may_show_rows(version):
        return 0
    files = version.files.filter(storage=DatasetFile.Storage.BLOB, bytes__lte=LARGEST).order_by("path")
    inspected = _inspected(version)
    chosen = [file for file in files if _is_harmless(inspected.get(file.sha256))][:MOST_FILES]
    kept = set(version.previews.values_list("path", flat=True))
    rows = [
        row
        for file in chosen
        if file.path not in kept and (row := _preview(version, file, inspected[file.sha256]))
    ]
    with transaction.atomic():
        Preview.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def may_show_rows(version: DatasetVersion) -> bool:
    """Tell whether rows of a version may stand on a page; an unknown right permits nothing."""
    rights: dict[str, Any] = version.record.get("rights") or {}
    passed_on = rights.get("redistribution") is True
    return version.tier == Tier.OPEN and passed_on and may_preview(ANONYMOUS, version)


def _inspected(version: DatasetVersion) -> dict[str, Inspection]:
    done = Inspection.objects.filter(inspector=INSPECTOR, state=InspectionState.DONE)
    of_these = done.filter(sha256__in=version.files.values("sha256"))
    return {row.sha256: row for row in of_these}


def _is_harmless(row: Inspection | None) -> bool:
    if row is None:
        return False
    facts = FileFacts.model_validate(row.facts)
    return facts.personal_data is None or not facts.personal_data.found


def _preview(version: DatasetVersion, file: DatasetFile, known: Inspection) -> Preview | None:
    try:
        with get_store().local_path(file.sha256) as path:
            facts = inspect_in_child(
                path,
                name=known.name,
                media_type=known.media_type,
                languages=tuple(known.languages),
                limits=LIMITS,
                preview_rows=MOST_ROWS,
            )
    except (FileRefused, BlobMissing):
        return None
    if not facts.preview:
        return None
    columns = without_nul([column.name for column in facts.columns])
    rows = without_nul([*map(list, facts.preview)])
    return Preview(version=version, tier=version.tier, path=file.path, columns=columns, rows=rows)
