"""The talk about a proposal as its pages show it: at each answer, and about all of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from catalog.interchange.disclosure import is_withheld
from catalog.pages.proposals.steps import address_of_step, step_of
from catalog.pages.records import Row
from catalog.pages.review.fields import label_of_field
from catalog.proposals.models import Proposal
from catalog.review.discussing import OPEN_FOR_TALK, speaks_for
from catalog.review.models import Comment, Thread
from catalog.review.reading import threads_of
from provenance.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One thread with what was said in it, oldest first; ``speaks`` where the reader may go on with it."""

    thread: Thread
    label: str | Promise
    said: Sequence[Comment]
    url: str
    step_url: str
    speaks: bool

    @property
    def is_open(self) -> bool:
        """Whether nobody settled it yet."""
        return self.thread.resolved_at is None


@dataclass(frozen=True, slots=True)
class TalkedRow:
    """One answer of the record with the talks about it."""

    row: Row
    talks: Sequence[Talk]

    @property
    def open_talks(self) -> int:
        """How many of them nobody settled yet."""
        return sum(talk.is_open for talk in self.talks)


@dataclass(frozen=True, slots=True)
class Talks:
    """All talks about a proposal, open ones first; ``speaks`` where the reader may begin another."""

    every: Sequence[Talk]
    speaks: bool

    @property
    def unsettled(self) -> list[Talk]:
        """The talks that nobody settled, those that a reviewer waits for first."""
        return sorted(
            (talk for talk in self.every if talk.is_open), key=lambda talk: not talk.thread.requested
        )

    def beside(self, rows: Iterable[Row]) -> list[TalkedRow]:
        """Return the rows that are answered or talked about, each with its talks."""
        by_path: dict[str, list[Talk]] = defaultdict(list)
        for talk in self.every:
            by_path[talk.thread.field].append(talk)
        paired = (TalkedRow(row, by_path.pop(row.path, ())) for row in rows)
        return [each for each in paired if each.row.lines or each.talks]

    def apart(self, shown: Iterable[TalkedRow]) -> list[Talk]:
        """Return the talks that stand at none of the rows."""
        paths = {each.row.path for each in shown}
        return [talk for talk in self.every if talk.thread.field not in paths]


def talks_of(actor: Actor, proposal: Proposal) -> Talks:
    """Return what the reader may read of the talk; nothing where the entry was withdrawn (DM:17)."""
    speaks = may_speak(actor, proposal)
    threads = [] if is_withheld(actor, proposal) else threads_of(actor, proposal)
    found = [talk_of(thread, proposal, speaks=speaks) for thread in threads]
    return Talks(sorted(found, key=lambda talk: not talk.is_open), speaks)


def talk_of(thread: Thread, proposal: Proposal, *, speaks: bool) -> Talk:
    """Return one thread as pages show it; its comments are there already where they were prefetched."""
    return Talk(
        thread=thread,
        label=label_of_field(thread.field),
        said=list(thread.comments.all()),
        url=reverse("proposal-thread", args=[proposal.pk, thread.pk]),
        step_url=address_of_step(proposal, step_of(proposal, thread.field)),
        speaks=speaks,
    )


def may_speak(actor: Actor, proposal: Proposal) -> bool:
    """Tell whether the reader may begin or go on with a talk now."""
    open_for_it = proposal.state in OPEN_FOR_TALK and proposal.record.get("tier") != "private"
    return open_for_it and bool(speaks_for(actor, proposal)) and not is_withheld(actor, proposal)
