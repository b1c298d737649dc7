"""What brings back an inspection whose worker or message died (INV-8), and versions that nobody concluded."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from catalog.datasets.models import STORABLE, DatasetFile, DatasetVersion
from catalog.facts import INSPECTOR
from catalog.facts.errors import REFUSALS
from catalog.inspection.models import EntryFacts, Inspection
from catalog.inspection.requesting import send_conclusions, send_inspections
from catalog.inspection.states import FINISHED, TRANSITIONS, InspectionState
from provenance.states import swap_state

SILENT: Final = timedelta(seconds=60)  # without a sign of life from a child that reads
FETCHING: Final = timedelta(minutes=10)  # before the first byte: a bucket's file is fetched whole
UNHEARD: Final = timedelta(seconds=60)  # a message is believed lost after this
MOST_ATTEMPTS: Final = 3
MOST_SENT: Final = 50  # a turn, the next in a long queue; the doubled messages expire
MOST_CONCLUDED: Final = 100
CRASHED: Final = "inspection-crashed"


def reap() -> int:
    """Look once at every inspection that stands still; return how many were moved or sent again."""
    now = timezone.now()
    silent = Q(bytes_done__gt=0, touched_at__lt=now - SILENT) | Q(touched_at__lt=now - FETCHING)
    stuck = Inspection.objects.filter(silent, state=InspectionState.RUNNING).values_list("pk", flat=True)
    return sum(_reap_one(pk, silent) for pk in stuck) + _send_unheard()


def sweep() -> int:
    """Ask for the facts of versions whose files are all looked at; return how many were asked for."""
    ids = list(concludable().order_by("pk").values_list("pk", flat=True)[:MOST_CONCLUDED])
    send_conclusions(ids)
    return len(ids)


def concludable() -> QuerySet[DatasetVersion]:
    """Return the versions that have no facts of this inspector and no file that still waits for it."""
    looked_at = Inspection.objects.filter(sha256=OuterRef("sha256"), inspector=INSPECTOR)
    stored = DatasetFile.objects.filter(version=OuterRef("pk"), storage=DatasetFile.Storage.BLOB)
    return DatasetVersion.objects.filter(
        ~Exists(EntryFacts.objects.filter(version=OuterRef("pk"), inspector=INSPECTOR)),
        Exists(stored.filter(Exists(looked_at.filter(state=InspectionState.DONE)))),
        ~Exists(stored.exclude(Exists(looked_at.filter(state__in=FINISHED)))),
        tier__in=STORABLE,
    )


@transaction.atomic
def _reap_one(pk: int, silent: Q) -> int:
    # Whoever holds the row just now is handling it; the next turn sees what came of it.
    running = Inspection.objects.select_for_update(skip_locked=True).filter(state=InspectionState.RUNNING)
    row = running.filter(silent, pk=pk).first()
    if row is None:
        return 0
    now = timezone.now()
    if row.attempt < MOST_ATTEMPTS:
        swap_state(row, to=InspectionState.QUEUED, table=TRANSITIONS, bytes_done=0, touched_at=now)
        send_inspections([row.pk])
        return 1
    swap_state(
        row,
        to=InspectionState.REFUSED,
        table=TRANSITIONS,
        touched_at=now,
        finished_at=now,
        reason_code=CRASHED,
        reason=REFUSALS[CRASHED],
    )
    return 1


@transaction.atomic
def _send_unheard() -> int:
    now = timezone.now()
    queued = Inspection.objects.select_for_update(skip_locked=True).filter(
        state=InspectionState.QUEUED, inspector=INSPECTOR, touched_at__lt=now - UNHEARD
    )
    ids = list(queued.order_by("touched_at").values_list("pk", flat=True)[:MOST_SENT])
    Inspection.objects.filter(pk__in=ids).update(touched_at=now)
    send_inspections(ids, expires=UNHEARD.total_seconds())
    return len(ids)
