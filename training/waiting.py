"""What waits for a person on this floor (`catalog.notifications.waiting`): words that only they can say.

Each question is the one that its service asks again before a word counts (INV-7).
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from catalog.members.models import Member, Role
from catalog.notifications.joining import join_waiting
from catalog.notifications.waiting import MOST, Task
from catalog.review.states import AppealState
from provenance.actors import Actor, ActorKind
from training.contributions.judges import SPOKEN_AS
from training.contributions.models import Contribution, Decision
from training.contributions.review_models import ContributionAppeal, ContributionRequest
from training.contributions.states import ContributionState
from training.nodes.models import Node
from training.nodes.states import NodeState
from training.rollbacks.models import Rollback
from training.rollbacks.states import RollbackState
from training.rounds.ballots import ballot_of
from training.rounds.models import Round
from training.rounds.states import RoundState

ANSWERING: Final = (Role.MAINTAINER, Role.STEWARD)


class Word(Protocol):
    """What a maintainer said for a member, in whichever vote."""

    maintainer_id: int

    @property
    def member(self) -> Member:
        """For whom."""


def register() -> None:
    """Add this floor's tasks to everybody's lists; called when the program starts."""
    join_waiting(tasks_for)


def tasks_for(reader: Actor) -> Iterator[Task]:
    """Give what the reader can say now, and has not said yet."""
    if reader.kind is not ActorKind.PERSON:
        return
    yield from _questions(reader)
    if voices := reader.members_with(Role.MAINTAINER):
        yield from _updates(reader, voices)
        yield from _appeals(reader, voices)
        yield from _rollbacks(reader, voices)
        yield from _stragglers(reader, voices)
        yield from _nodes(reader, voices)


def _questions(reader: Actor) -> Iterator[Task]:
    members = frozenset[str]().union(*(reader.members_with(role) for role in ANSWERING))
    rows = ContributionRequest.objects.filter(
        answered_at=None, contribution__job__node__member__slug__in=sorted(members)
    )
    for row in rows.select_related("contribution").order_by("created_at")[:MOST] if members else ():
        subject = f"contribution:{row.contribution.digest}"
        yield Task(subject, _("Answer the question about your weight update"), row.created_at)


def _updates(reader: Actor, voices: frozenset[str]) -> Iterator[Task]:
    words = Prefetch("decisions", Decision.objects.select_related("member"))
    rows = Contribution.objects.filter(
        state=ContributionState.ADMITTED, round__state=RoundState.REVIEWING
    ).exclude(job__node__member__slug__in=sorted(reader.members))
    for row in rows.prefetch_related(words).order_by("committed_at")[:MOST]:
        if _may_speak(reader, voices, [each for each in row.decisions.all() if each.turn == row.turn]):
            since = row.received_at or row.committed_at
            yield Task(f"contribution:{row.digest}", _("Decide on the weight update"), since)


def _appeals(reader: Actor, voices: frozenset[str]) -> Iterator[Task]:
    said = Prefetch("contribution__decisions", Decision.objects.select_related("member"))
    rows = ContributionAppeal.objects.filter(state=AppealState.OPEN).exclude(
        member__slug__in=sorted(reader.members)
    )
    rows = rows.select_related("contribution").prefetch_related(said, "voices__member")
    for row in rows.order_by("due_at")[:MOST]:
        made_it = [
            each
            for each in row.contribution.decisions.all()
            if each.turn == row.turn and each.verdict in SPOKEN_AS[row.against]
        ]
        if _may_speak(reader, voices, [*made_it, *row.voices.all()]):
            subject = f"contribution:{row.contribution.digest}"
            yield Task(subject, _("Decide on the appeal"), row.created_at, row.due_at)


def _rollbacks(reader: Actor, voices: frozenset[str]) -> Iterator[Task]:
    rows = Rollback.objects.filter(state=RollbackState.PROPOSED).prefetch_related(
        "voices__member", "contributions__job__node__member"
    )
    for row in rows.order_by("created_at")[:MOST]:
        named = {each.job.node.member.slug for each in row.contributions.all()}
        if not named & reader.members and _may_speak(reader, voices, row.voices.all()):
            yield Task(f"rollback:{row.pk}", _("Vote on the rollback"), row.created_at)


def _stragglers(reader: Actor, voices: frozenset[str]) -> Iterator[Task]:
    # A family has one open round, and so one such vote at most.
    for row in Round.objects.filter(ballot_open=True).order_by("deadline")[:MOST]:
        ballot = ballot_of(row)
        own = {each.slug for each in ballot.voices} & voices if ballot else set[str]()
        if ballot and own and all(each.maintainer_id != reader.key for each in ballot.votes):
            yield Task(f"round:{row.pk}", _("Vote on nodes that are late"), row.deadline)


def _nodes(reader: Actor, voices: frozenset[str]) -> Iterator[Task]:
    rows = Node.objects.filter(state=NodeState.PENDING).prefetch_related("approvals__member")
    for row in rows.order_by("created_at")[:MOST]:
        if _may_speak(reader, voices, row.approvals.all()):
            yield Task(f"node:{row.slug}", _("Let the node take part"), row.created_at)


def _may_speak(reader: Actor, voices: frozenset[str], said: Iterable[Word]) -> bool:
    """Tell whether neither the reader has spoken nor every member that they speak for."""
    words = list(said)
    spoke = any(word.maintainer_id == reader.key for word in words)
    return not spoke and bool(voices - {word.member.slug for word in words})
