"""Descriptions through the services of the form: the same checks, the same events, the same two voices."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from catalog.intake.descriptions import LineRefused, read_line
from catalog.intake.normalising import Lister, normalise
from catalog.intake.report import Report
from catalog.members.models import Member
from catalog.proposals.models import Proposal
from catalog.proposals.services import start_proposal, submit_proposal
from catalog.proposals.states import AcceptedFor, ProposalState
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from provenance.actors import Actor
from provenance.errors import DomainError

NOTE: Final = "Read in bulk: approved as one of a list of descriptions, not one by one."
REASON: Final = "bulk-import"
MOST_WORDS: Final = 300

Progress = Callable[[Report], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """For whom, by whom, and how far: with ``submit`` handed in, with ``reviewers`` also decided.

    ``reviewers`` are maintainers and the other members that they speak for, by ``review_proposal``. They
    accept what they read in bulk as a description, and for no use of the data.
    """

    member: Member
    steward: Actor
    lister: Lister
    submit: bool = False
    reviewers: Sequence[tuple[Actor, Member]] = ()

    def run(
        self,
        lines: Iterable[tuple[int, bytes]],
        *,
        limit: int | None = None,
        progress: Progress = lambda _: None,
    ) -> Report:
        """Bring in the descriptions that are not here yet, each in a transaction of its own.

        Interrupted, it goes on where it stopped: an address that is listed already is passed over. ``limit``
        counts new entries.
        """
        report, known, begin = Report(), _known_addresses(), time.monotonic()
        with _counting(report):
            for number, line in lines:
                if limit is not None and report.created >= limit:
                    break
                self._one(report, known, number, line)
                report.seconds = time.monotonic() - begin
                progress(report)
        return report

    def _one(self, report: Report, known: set[str], number: int, line: bytes) -> None:
        try:
            description = read_line(line)
            if description.url in known:
                report.known += 1
                return
            made = normalise(description, self.lister)
            with transaction.atomic():
                state = self._propose(made.record)
        except LineRefused as refused:
            report.refuse(number, str(refused))
        except DomainError as refused:
            fields = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in refused.fields.items())
            report.refuse(number, f"{refused.code}: {fields or refused.message}"[:MOST_WORDS])
        else:
            known.add(description.url)
            report.created += 1
            report.submitted += state != ProposalState.DRAFT
            report.published += state == ProposalState.ACCEPTED
            report.take(number, made)

    def _propose(self, record: dict[str, Any]) -> str:
        """Take one record as far as it shall go; return the state that it stands in."""
        proposal = start_proposal(actor=self.steward, member=self.member, record=record)
        if self.submit:
            proposal = submit_proposal(actor=self.steward, proposal=proposal)
        for reviewer, voice in self.reviewers if self.submit else ():
            review = review_proposal(
                actor=reviewer,
                proposal=proposal,
                verdict=Verdict.APPROVE,
                note=NOTE,
                reason_codes=[REASON],
                member=voice,
                accepted_for=AcceptedFor.METADATA,
            )
            proposal = review.proposal
        return proposal.state


def _known_addresses() -> set[str]:
    """Return where everything is that is proposed or listed already, in one query."""
    standing = Proposal.objects.exclude(state__in=[ProposalState.WITHDRAWN, ProposalState.REJECTED])
    return set(standing.filter(record__located_at__isnull=False).values_list("record__located_at", flat=True))


@contextmanager
def _counting(report: Report) -> Iterator[None]:
    """Count the statements that the database is asked."""

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        report.statements += 1
        return execute(*arguments)

    with connection.execute_wrapper(counted):
        yield
