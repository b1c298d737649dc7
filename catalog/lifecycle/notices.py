"""Deprecating, superseding and reinstating entries. Each verb owns its transaction, guard and event."""

from django.db import connection, transaction

from catalog.datasets.models import SEALED, Dataset, DatasetVersion
from catalog.lifecycle.models import Notice, NoticeKind
from catalog.lifecycle.standing import standing_notices, successors_of
from catalog.members.models import Role
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.text import plain_text


@transaction.atomic
def deprecate(
    *, actor: Actor, dataset: Dataset, reason: str, version: DatasetVersion | None = None
) -> Notice:
    """Ask everybody to start nothing new with an entry, or with one of its versions. It stays usable.

    Raises:
        NotFound, NotPermitted, Conflict: as ``_locked``; Conflict also with code ``notice-stands``.
        Invalid: no reason is given, or the version is another entry's.
    """
    found = _locked(actor, dataset)
    reason = _reason(reason)
    if version is not None and version.dataset_id != found.pk:
        raise Invalid("This is a version of another entry.", fields={"version": ["Choose one of its own."]})
    return _post(actor, found, Notice(kind=NoticeKind.DEPRECATED, reason=reason, version=version))


@transaction.atomic
def supersede(*, actor: Actor, dataset: Dataset, successor: Dataset, reason: str = "") -> Notice:
    """Say that another entry stands in this one's place.

    Raises:
        NotFound, NotPermitted, Conflict: as ``_locked``; Conflict also with code ``notice-stands``.
        Invalid: codes ``successor-unknown`` (or not for this actor to discover), ``successor-withdrawn``
            or ``supersession-cycle``.
    """
    found = _locked(actor, dataset)
    heir = Dataset.objects.visible_to(actor).select_related("member").filter(pk=successor.pk).first()
    if heir is None:
        raise _refused("There is no such entry that you may discover.", "successor-unknown")
    if heir.state == Dataset.State.WITHDRAWN:
        raise _refused("That entry is withdrawn itself.", "successor-withdrawn")
    if found.pk == heir.pk or found.pk in successors_of(heir):
        raise _refused("That entry leads back to this one.", "supersession-cycle")
    notice = Notice(kind=NoticeKind.SUPERSEDED, reason=_reason(reason, demanded=False), successor=heir)
    return _post(actor, found, notice)


@transaction.atomic
def reinstate(
    *, actor: Actor, dataset: Dataset, reason: str, version: DatasetVersion | None = None
) -> Notice:
    """Take back what was said of an entry, or of one of its versions; that it was said stays in the log.

    Raises:
        NotFound, NotPermitted, Conflict: as ``_locked``; Conflict also with code ``nothing-to-reinstate``.
        Invalid: no reason is given.
    """
    found = _locked(actor, dataset)
    reason = _reason(reason)
    if _standing(found, version) is None:
        raise Conflict("Nothing was said of it that could be taken back.", code="nothing-to-reinstate")
    return _post(actor, found, Notice(kind=NoticeKind.REINSTATED, reason=reason, version=version))


def _locked(actor: Actor, dataset: Dataset) -> Dataset:
    """Return the entry to one of its stewards, while nobody else posts a notice.

    One lock for all entries: two that supersede each other at the same moment would make a cycle.

    Raises:
        NotFound: the actor may not discover it.
        NotPermitted: code ``not-a-steward``.
        Conflict: codes ``dataset-withdrawn``, or ``sealed`` where what could be said is the owner's alone.
    """
    found = Dataset.objects.visible_to(actor).select_related("member").filter(pk=dataset.pk).first()
    if found is None:
        raise NotFound("There is no such dataset.")
    if not actor.has_role(Role.STEWARD, member=found.member.slug):
        raise NotPermitted("Only a steward of its member posts a notice.", code="not-a-steward")
    if found.state == Dataset.State.WITHDRAWN:
        raise Conflict("This dataset is withdrawn; that says it all.", code="dataset-withdrawn")
    if found.tier in SEALED:
        raise Conflict(
            "Nothing is said of private data here; tell your own people.", code="sealed", requirement="INV-6"
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog notices'))")
    return found


def _post(actor: Actor, dataset: Dataset, notice: Notice) -> Notice:
    standing = _standing(dataset, notice.version)
    same = standing and (standing.kind, standing.reason, standing.successor_id)
    if same == (notice.kind, notice.reason, notice.successor_id):
        raise Conflict("The same was said before, and still holds.", code="notice-stands")
    notice.dataset, notice.actor_label = dataset, actor.label
    notice.save(force_insert=True)
    _log(actor, dataset, notice)
    return notice


def _standing(dataset: Dataset, version: DatasetVersion | None) -> Notice | None:
    return standing_notices([dataset]).get((dataset.pk, version.pk if version else None))


def _reason(text: str, *, demanded: bool = True) -> str:
    reason = plain_text(text, field="reason", longest=4000)
    if demanded and not reason:
        raise Invalid("Say why.", code="reason-missing", fields={"reason": ["Say why."]})
    return reason


def _refused(message: str, code: str) -> Invalid:
    return Invalid(message, code=code, fields={"successor": [message]})


def _log(actor: Actor, dataset: Dataset, notice: Notice) -> None:
    """Tell each audience what it reads on the page too: a hidden successor makes a deprecation (INV-6)."""
    heir = notice.successor
    hidden = heir is not None and heir.audience != dataset.audience
    for kind, audience in [
        (NoticeKind.DEPRECATED if hidden else NoticeKind(notice.kind), dataset.audience),
        *([(NoticeKind.SUPERSEDED, heir.audience)] if heir is not None and hidden else []),
    ]:
        details = {"note": notice.reason} if notice.reason else {}
        if heir is not None and kind is NoticeKind.SUPERSEDED:
            details["successor"] = heir.slug
        record_event(
            actor=actor,
            action=f"dataset.{kind}",
            subject=f"dataset:{dataset.slug}",
            audience=audience,
            evidence=Evidence(artifact=notice.version.digest if notice.version else "", details={**details}),
        )
