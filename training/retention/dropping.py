"""Letting the bytes of updates go where their member wishes it; what replay needs then comes back by hash.

The hash, the signed statement and all figures stay, so that nothing of the record changes.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.datasets.models import DatasetFile
from provenance.actors import COORDINATOR
from provenance.blobs import get_store
from provenance.events.services import Evidence, record_event
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.families.models import ImportedModel
from training.jobs.states import ENDED as ENDED_JOBS
from training.retention.models import Recall
from training.rollbacks.models import Rollback
from training.rollbacks.states import ENDED as ENDED_ROLLBACKS
from training.rounds.models import Round
from training.rounds.states import ENDED as ENDED_ROUNDS

BATCH: Final = 100
AFTER_RECALL: Final = timedelta(days=7)
"""For so long what came back for a replay stays, so that one that begins again need not ask again."""
KEPT_IN_FULL: Final = (
    ContributionState.COMMITTED,
    ContributionState.WITHDRAWN,
    ContributionState.QUARANTINED,
)
"""The first two have no bytes here; what is quarantined is evidence, and may be released."""


def sweep_contributions() -> int:
    """Drop the bytes of all updates whose member's wish has come due; return of how many."""
    dropped = 0
    while done := _drop_some():
        dropped += done
    return dropped


def due_contributions() -> QuerySet[Contribution]:
    """Return the updates whose bytes nobody needs now and whose member wants only the hash kept.

    Counted are the rounds of the same family that ended after the update's own. Left out is what an open
    rollback, appeal or re-execution may read, and what came back lately.
    """
    of_family = Round.objects.filter(
        family=OuterRef("round__family"), number__gt=OuterRef("round__number"), state__in=ENDED_ROUNDS
    )
    ended_since = of_family.order_by().values("family").annotate(n=Count("pk")).values("n")
    rolling_back = Rollback.objects.filter(family=OuterRef("round__family")).exclude(
        state__in=ENDED_ROLLBACKS
    )
    returned = Recall.objects.filter(
        contribution=OuterRef("pk"), code="", answered_at__gt=timezone.now() - AFTER_RECALL
    )
    read_again = Q(checks__isnull=False) & ~Q(checks__state__in=ENDED_JOBS)
    rows = Contribution.objects.filter(
        received_at__isnull=False, bytes_dropped_at=None, round__state__in=ENDED_ROUNDS
    )
    rows = rows.exclude(state__in=KEPT_IN_FULL).exclude(appeals__state="open")
    rows = rows.exclude(pk__in=Contribution.objects.filter(read_again).values("pk"))
    rows = rows.annotate(ended_since=Coalesce(Subquery(ended_since), 0))
    rows = rows.filter(ended_since__gte=F("job__node__member__retention_wish__rounds"))
    return rows.exclude(Exists(rolling_back)).exclude(Exists(returned))


def needed_elsewhere(due: Collection[Contribution]) -> set[str]:
    """Return which of these addresses hold bytes that something else needs: one blob may serve many."""
    sha256s = {each.weights_sha256 for each in due}
    others = Contribution.objects.filter(weights_sha256__in=sha256s).exclude(pk__in=[each.pk for each in due])
    held = others.exclude(state=ContributionState.WITHDRAWN).filter(bytes_dropped_at=None)
    asked = others.filter(recalls__answered_at=None, recalls__isnull=False)
    models = Checkpoint.measured.filter(weights_sha256__in=sha256s, weights_dropped_at=None)
    imported = ImportedModel.objects.filter(weights_sha256__in=sha256s)
    files = DatasetFile.objects.filter(sha256__in=sha256s, storage=DatasetFile.Storage.BLOB)
    return {
        *held.values_list("weights_sha256", flat=True),
        *asked.values_list("weights_sha256", flat=True),
        *models.values_list("weights_sha256", flat=True),
        *imported.values_list("weights_sha256", flat=True),
        *files.values_list("sha256", flat=True),
    }


@transaction.atomic
def _drop_some() -> int:
    """Drop a batch. Deleting comes last and may be repeated: a death here is made good by the next sweep."""
    keys = list(due_contributions().order_by("pk").values_list("pk", flat=True))
    rows = Contribution.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "job__node__member"
    )
    due = list(rows.filter(pk__in=keys, bytes_dropped_at=None))
    needed = needed_elsewhere(due)
    going = [each for each in due if each.weights_sha256 not in needed][:BATCH]
    Contribution.objects.filter(pk__in=[each.pk for each in going]).update(bytes_dropped_at=timezone.now())
    for contribution in going:
        _record(contribution)
    for sha256 in {each.weights_sha256 for each in going}:
        get_store().delete(sha256)
    return len(going)


def _record(contribution: Contribution) -> None:
    wish = contribution.job.node.member.retention_wish
    record_event(
        actor=COORDINATOR,
        action="contribution.bytes-dropped",
        subject=f"contribution:{contribution.digest}",
        evidence=Evidence(
            artifact=contribution.digest,
            job=contribution.job_id,
            details={"weights": contribution.weights_sha256, "rounds": wish.rounds},
        ),
    )
