"""Which other entries hold much of the same text, or the very same files.

Sketches are kept of data that the coordinator may hold, and of no other (INV-1): a sketch tells whether a
known text is in the data. Bands find what is alike, of two that share half of their text in nearly nine cases
of ten; the similarity is then estimated from the whole sketches.
"""

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.models import Count, Q

from catalog.datasets.models import STORABLE, Dataset, DatasetFile, DatasetVersion
from catalog.facts import INSPECTOR
from catalog.facts.sketch import EMPTY, ROWS, bands, similarity
from catalog.inspection.models import EntryFacts, Overlap, SketchBand
from catalog.interchange.disclosure import may_read_facts
from provenance.actors import Actor

LEAST: Final = 0.1  # similarity below which nothing is worth a word
MOST_CANDIDATES: Final = 200

_CANDIDATES: Final = """
    SELECT other.version_id
    FROM catalog_sketchband mine
    JOIN catalog_sketchband other ON other.band = mine.band AND other.value = mine.value
    JOIN catalog_datasetversion version ON version.id = other.version_id
    WHERE mine.version_id = %s AND version.dataset_id <> %s
    GROUP BY other.version_id
    ORDER BY count(*) DESC, other.version_id
    LIMIT %s
"""


def keep_bands(version: DatasetVersion, sketch: Sequence[int]) -> None:
    """Keep the bands of a version's sketch; of a tier that may not be held the database refuses them."""
    if version.tier not in STORABLE:
        return
    rows = [
        SketchBand(version=version, tier=version.tier, band=band, value=value)
        for band, value in numbered_bands(sketch)
    ]
    SketchBand.objects.bulk_create(rows, ignore_conflicts=True)


def numbered_bands(sketch: Sequence[int]) -> list[tuple[int, int]]:
    """Return each band with its number; the sketch itself leaves out bands with an empty bin."""
    found = []
    for number, start in enumerate(range(0, len(sketch), ROWS)):
        alone = [EMPTY] * start + list(sketch[start : start + ROWS])
        found += [(number, value) for value in bands(alone)]
    return found


def keep_overlaps(version: DatasetVersion, sketch: Sequence[int]) -> list[Overlap]:
    """Compare a version with those of other entries, and keep what is alike; three queries, one insertion."""
    if version.tier not in STORABLE:
        return []
    alike = _alike(version, sketch)
    same = _same_files(version)
    rows = [
        Overlap(
            version=version,
            other_id=other,
            inspector=INSPECTOR,
            similarity=alike.get(other, 0.0),
            same_files=same.get(other, 0),
        )
        for other in sorted(alike.keys() | same.keys())
    ]
    return Overlap.objects.bulk_create(rows, ignore_conflicts=True)


def overlaps_for(version: DatasetVersion, actor: Actor) -> list[Overlap]:
    """Return the overlaps of a version that ``actor`` may know, most alike first, each other entry once.

    An overlap tells what is in both: whoever may not discover the other entry, or not read its facts, sees
    none of it (INV-6). It is kept once, with whichever version was concluded later.
    """
    visible = DatasetVersion.objects.visible_to(actor).exclude(dataset__state=Dataset.State.WITHDRAWN)
    kept = Overlap.objects.filter(
        Q(version=version, other__in=visible) | Q(other=version, version__in=visible), inspector=INSPECTOR
    ).select_related("version__dataset__member", "other__dataset__member")
    by_entry: dict[int, Overlap] = {}
    for overlap in kept.order_by("-similarity", "-same_files", "-pk")[:MOST_CANDIDATES]:
        if overlap.version_id != version.pk:
            overlap.version, overlap.other = overlap.other, overlap.version
        if may_read_facts(actor, overlap.other):
            by_entry.setdefault(overlap.other.dataset_id, overlap)
    return list(by_entry.values())


def _alike(version: DatasetVersion, sketch: Sequence[int]) -> dict[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [version.pk, version.dataset_id, MOST_CANDIDATES])
        candidates = [other for (other,) in cursor.fetchall()]
    known = EntryFacts.objects.filter(version__in=candidates, inspector=INSPECTOR)
    estimated = {
        other: similarity(sketch, theirs or ())
        for other, theirs in known.values_list("version_id", "facts__sketch")
    }
    return {other: value for other, value in estimated.items() if value >= LEAST}


def _same_files(version: DatasetVersion) -> dict[int, int]:
    """Count the files with the same bytes per version of another entry that the coordinator holds."""
    stored = DatasetFile.objects.filter(storage=DatasetFile.Storage.BLOB)
    others = stored.filter(sha256__in=stored.filter(version=version).values("sha256"))
    counted = others.exclude(version__dataset=version.dataset_id).values("version")
    rows = counted.annotate(n=Count("sha256", distinct=True)).order_by("version").values_list("version", "n")
    return dict(rows[:MOST_CANDIDATES])
