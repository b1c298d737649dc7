"""Reads under a grant. Each request is one event, which says what it may send before the first byte goes.

So the log never tells of less than was sent, even when the server dies in the middle. Where less was sent, a
second event names the first and gives the true number (FIELD.md §3: a correction is a new event).
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from catalog.datasets.models import DatasetFile
from catalog.tiers import Purpose
from provenance.errors import NotFound, NotPermitted
from provenance.events.models import Outcome
from training.grants.events import record_grant_event
from training.grants.models import DataGrant
from training.grants.refusals import Refused, denied, record_refusal
from training.grants.standing import cause_against
from training.grants.validation import decide_read
from training.nodes.models import Node

READ = "data.read"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that its grant lets the node read now."""

    grant: DataGrant
    file: DatasetFile


def open_file(node: Node, key: UUID, path: str) -> OpenFile:
    """Return the file if the node's grant stands and names it, and policy still agrees.

    Raises:
        NotFound: ``grant-not-found``, also for another node's; ``path-not-granted``.
        NotPermitted: with the code of why the grant no longer holds, or the policy's. Each no is an event.
    """
    try:
        return _opened(node, key, path)
    except Refused as refused:
        record_refusal(node, refused, action=READ, approval=f"grant:{key}")
        raise refused.error from None


def _opened(node: Node, key: UUID, path: str) -> OpenFile:
    rows = DataGrant.objects.select_related("node__member", "version__dataset__member")
    grant = rows.filter(pk=key, node=node).first()
    if grant is None:
        raise Refused(NotFound("There is no such grant.", code="grant-not-found"))
    cause = cause_against(grant)
    if cause:
        error = NotPermitted("This grant no longer holds.", code=cause, requirement="DM:17")
        raise Refused(error, grant.version)
    decision = decide_read(node, grant.version, Purpose(grant.purpose))
    if not decision.allowed:
        raise denied(decision, grant.version)
    file = grant.version.files.filter(path=path).first() if path in grant.paths else None
    if file is None:
        raise Refused(NotFound("The grant names no such file.", code="path-not-granted"), grant.version)
    return OpenFile(grant, file)


class GrantWatch:
    """The watch over one read: what was promised to the log, and whether it may go on."""

    def __init__(self, opened: OpenFile, *, begin: int, end: int) -> None:
        """Log the read of bytes [begin, end), before any of them is sent."""
        self._grant = opened.grant
        with transaction.atomic():
            self._event = record_grant_event(
                opened.grant,
                READ,
                actor=opened.grant.node.actor,
                outcome=Outcome.ALLOWED,
                path=opened.file.path,
                sha256=opened.file.sha256,
                begin=begin,
                bytes=end - begin,
            )

    def cause(self) -> str:
        """Return why the read has to end here, empty while it may go on."""
        return cause_against(self._grant)

    def cut(self, *, sent: int, cause: str) -> None:
        """Log that no more than ``sent`` bytes went out, and why."""
        with transaction.atomic():
            record_grant_event(
                self._grant,
                "data.read-cut",
                actor=self._grant.node.actor,
                outcome=Outcome.FAILED,
                reason_codes=[cause],
                corrects=str(self._event.uuid),
                bytes=sent,
            )
