"""Asking a node for the bytes of its own update again, by hash, when a replay needs them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from provenance.actors import COORDINATOR
from provenance.errors import Conflict, NotFound
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event
from training.contributions.lineage import record_contribution_event
from training.contributions.models import Contribution
from training.nodes.models import Node
from training.retention.models import Recall

ASK_AGAIN: Final = timedelta(days=1)
"""A node that said its copy is gone is asked again after this: a disk may have come back."""
LONGEST_CODE: Final = 80


def missing_bytes(contributions: Iterable[Contribution]) -> list[Contribution]:
    """Return those of which only the hash is here, in the order of their digests."""
    rows = Contribution.objects.filter(pk__in=[each.pk for each in contributions])
    return list(rows.filter(bytes_dropped_at__isnull=False).order_by("digest"))


def refuse_dropped(contribution: Contribution) -> None:
    """Return if the update's bytes are here.

    Raises:
        Conflict: ``bytes-dropped``: only their hash is kept, as its member wished.
    """
    if contribution.bytes_dropped_at is not None:
        raise Conflict(
            "Only the hash of this update is kept here, as its member wished.",
            code="bytes-dropped",
            remedy="A rollback asks its node for the bytes again.",
        )


@transaction.atomic
def ask_back(contributions: Iterable[Contribution]) -> list[Contribution]:
    """Ask the nodes of those whose bytes are not here, unless that was done; return what is still missing.

    To be called again until the list is empty. Why an update will not come tells `gone_for_good`.
    """
    missing = missing_bytes(contributions)
    told = gone_for_good(missing)
    for contribution in missing:
        if contribution.pk in told:
            continue
        _, asked_now = Recall.objects.get_or_create(contribution=contribution, answered_at=None)
        if asked_now:
            record_event(
                actor=COORDINATOR,
                action="contribution.asked-back",
                subject=f"contribution:{contribution.digest}",
                evidence=Evidence(artifact=contribution.digest, job=contribution.job_id),
            )
    return missing


def gone_for_good(contributions: Iterable[Contribution]) -> dict[int, str]:
    """Return, by primary key, the code of each update that its node said lately it has no more."""
    recent = timezone.now() - ASK_AGAIN
    rows = Recall.objects.filter(contribution__in=[each.pk for each in contributions], answered_at__gt=recent)
    return dict(rows.exclude(code="").order_by("answered_at").values_list("contribution", "code"))


def waiting_recalls(node: Node) -> QuerySet[Recall]:
    """Return what the node is asked for and has not answered, the oldest first."""
    return Recall.objects.filter(contribution__job__node=node, answered_at=None).select_related(
        "contribution__job"
    )


def open_recall(node: Node, digest: str, *, lock: bool = False) -> Recall:
    """Return what the node is asked for under this digest of a contribution; ``lock`` holds its row.

    Raises:
        NotFound: ``recall-not-found``: it is not asked for now, or it is another node's update.
    """
    rows = waiting_recalls(node).filter(contribution__digest=digest)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound("This node is not asked for these bytes.", code="recall-not-found")
    return found


@transaction.atomic
def answer_gone(node: Node, digest: str, *, code: str) -> Recall:
    """Note that the node has the bytes no more, and under which code.

    Raises:
        NotFound: ``recall-not-found``.
    """
    recall = open_recall(node, digest, lock=True)
    recall.answered_at, recall.code = timezone.now(), code[:LONGEST_CODE]
    recall.save(update_fields=["answered_at", "code"])
    record_event(
        actor=node.actor,
        action="contribution.bytes-gone",
        subject=f"contribution:{digest}",
        outcome=Outcome.FAILED,
        reason_codes=[recall.code],
        evidence=Evidence(artifact=digest, job=recall.contribution.job_id, place=node.jurisdiction),
    )
    return recall


@transaction.atomic
def note_return(node: Node, digest: str) -> Contribution:
    """Note that the bytes are in the store again; their hash was compared before.

    Raises:
        NotFound: ``recall-not-found``.
    """
    recall = open_recall(node, digest, lock=True)
    contribution = recall.contribution
    recall.answered_at = timezone.now()
    recall.save(update_fields=["answered_at"])
    Contribution.objects.filter(pk=contribution.pk).update(bytes_dropped_at=None)
    contribution.bytes_dropped_at = None
    record_contribution_event(contribution, "contribution.bytes-returned", node=node, details={})
    return contribution
