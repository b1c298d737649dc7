"""How entries and versions stand with their stewards, as a reader may know it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from catalog.datasets.models import Dataset
from catalog.lifecycle.models import Notice, NoticeKind
from provenance.actors import Actor

Noticed = tuple[int, int | None]  # the keys of an entry and of its version, None for the whole entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The notice that counts: ``kind`` is ``deprecated`` or ``superseded``, the latter with its successor."""

    kind: str
    reason: str
    since: datetime
    successor: Dataset | None = None

    @classmethod
    def read_by(cls, actor: Actor, notice: Notice) -> "Standing":
        """Return the notice as ``actor`` may read it.

        Where it may not discover the successor, the entry is deprecated and nothing more: that another entry
        stands in its place would tell that there is one (INV-6).
        """
        heir = notice.successor
        known = heir if heir is not None and heir.audience in actor.audiences else None
        kind = NoticeKind.SUPERSEDED if known else NoticeKind.DEPRECATED
        return cls(kind=str(kind), reason=notice.reason, since=notice.created_at, successor=known)


def standings_of(actor: Actor, datasets: Iterable[Dataset]) -> Mapping[Noticed, Standing]:
    """Return what stands of these entries and of their versions, as ``actor`` may read it; one query."""
    found = standing_notices(datasets)
    return {key: Standing.read_by(actor, notice) for key, notice in found.items()}


def standing_notices(datasets: Iterable[Dataset]) -> dict[Noticed, Notice]:
    """Return the newest notice on each entry and version, those that were taken back left out; one query."""
    newest = (
        Notice.objects.filter(dataset__in=[dataset.pk for dataset in datasets])
        .order_by("dataset_id", "version_id", "-created_at")
        .distinct("dataset_id", "version_id")
        .select_related("successor__member")
    )
    return {
        (notice.dataset_id, notice.version_id): notice
        for notice in newest
        if notice.kind != NoticeKind.REINSTATED
    }


def successors_of(dataset: Dataset) -> frozenset[int]:
    """Return the keys of all entries that readers of this one are led on to, one after the other."""
    found: set[int] = set()
    here: Dataset | None = dataset
    while here is not None:
        notice = standing_notices([here]).get((here.pk, None))
        here = notice.successor if notice else None
        if here is None or here.pk in found:
            break
        found.add(here.pk)
    return frozenset(found)
