"""Which proposals wait for whom: every proposal that a reader may know of stands in exactly one queue.

One query sorts them, counts each queue and cuts it, however many there are.
"""

from enum import StrEnum
from typing import Final

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, RowNumber

from catalog.members.models import Role
from catalog.proposals.models import Proposal, ProposalQuerySet
from catalog.proposals.states import DECIDED, UNDER_REVIEW, ProposalState
from catalog.review.judges import SPOKEN_AS
from catalog.review.models import (
    Appeal,
    AppealVoice,
    Assignment,
    Capacity,
    Recusal,
    Review,
    Thread,
    Verdict,
)
from catalog.review.states import AppealState, AssignmentState
from provenance.actors import Actor

MOST_SHOWN: Final = 50  # of each queue


class Queue(StrEnum):
    """In the order in which they ask for attention."""

    ASSIGNED = "assigned"
    APPEALS = "appeals"
    WAITING = "waiting"
    BACK = "back"
    DRAFTS = "drafts"
    OWN = "own"
    OTHERS = "others"
    DECIDED = "decided"


def sorted_for(actor: Actor, *, state: str = "", member: str = "", words: str = "") -> ProposalQuerySet:
    """Return the first proposals of each queue of ``actor``, those that are due first, then the newest.

    Each row has ``queue``, ``total`` (how many stand in it), ``titles`` and ``chosen_tier`` (of the record,
    which itself is not read), ``approvals``, ``open_threads`` and ``due_at`` (of the actor's own assignment).
    ``state``, ``member`` (a slug) and ``words`` (in the title, in any language) keep only some.
    """
    found = Proposal.objects.visible_to(actor).annotate(
        queue=_queue(actor), titles=F("record__title"), chosen_tier=F("record__tier")
    )
    kept = {name: value for name, value in {"state": state, "member__slug": member}.items() if value}
    if words:
        found = found.annotate(title_text=Cast(KT("record__title"), TextField()))
        kept["title_text__icontains"] = words
    ranked = found.filter(**kept).annotate(
        approvals=_approvals(), open_threads=_open_threads(), due_at=_due(actor)
    )
    order = (F("due_at").asc(nulls_last=True), F("updated_at").desc(), F("pk").asc())
    placed = ranked.annotate(
        place=Window(RowNumber(), partition_by=F("queue"), order_by=order),
        total=Window(Count("pk"), partition_by=F("queue")),
    )
    shown = placed.filter(Q(place__lte=MOST_SHOWN))
    return shown.order_by("queue", "place").defer("record", "files").select_related("member")


def _queue(actor: Actor) -> Combinable:
    """Return the queue of each proposal; the first that fits."""
    own = Q(member__slug__in=sorted(actor.members))
    reviewed = Q(state__in=UNDER_REVIEW)
    cases = [
        *(
            (_assigned(actor), Queue.ASSIGNED),
            (_appeals(actor), Queue.APPEALS),
            (_waiting(actor), Queue.WAITING),
        ),
        (Q(state__in=DECIDED), Queue.DECIDED),
        (own & Q(state=ProposalState.DRAFT), Queue.DRAFTS),
        (own & ~reviewed, Queue.BACK),
        (own, Queue.OWN),
    ]
    whens = [When(condition, then=Value(str(queue))) for condition, queue in cases]
    return Case(*whens, default=Value(str(Queue.OTHERS)), output_field=CharField())


def _assigned(actor: Actor) -> Q:
    asked = Assignment.objects.filter(proposal=OuterRef("pk"), reviewer=actor.key, state=AssignmentState.OPEN)
    return Q(Exists(asked), state__in=UNDER_REVIEW)


def _waiting(actor: Actor) -> Q:
    """Keep what is under review and what neither the reader nor all of their members have spoken on."""
    spoken = Review.objects.filter(proposal=OuterRef("pk"), revision=OuterRef("revision"))
    by_them = spoken.filter(Q(reviewer=actor.key) | Q(member__slug__in=_voices(actor)))
    if not actor.has_role(Role.MAINTAINER):
        own = spoken.filter(reviewer=actor.key)
        return Q(~Exists(own), state__in=UNDER_REVIEW) if actor.has_role(Role.COMMUNITY) else Q(pk__in=[])
    return Q(~Exists(by_them), ~Exists(_recusals(actor)), _of_others(actor), state__in=UNDER_REVIEW)


def _appeals(actor: Actor) -> Q:
    """Keep open appeals on which the reader has a voice still, as ``catalog.review.judges`` has it.

    Of a reader with several members it wants that none of them spoke: such a one has a page to look it up.
    """
    if not actor.has_role(Role.MAINTAINER):
        return Q(pk__in=[])
    voices = Q(member__slug__in=_voices(actor))
    heard = AppealVoice.objects.filter(voices | Q(reviewer=actor.key), appeal=OuterRef("pk"))
    decided = Review.objects.filter(
        (voices & Q(capacity=Capacity.MAINTAINER)) | Q(reviewer=actor.key),
        proposal=OuterRef("proposal"),
        revision=OuterRef("revision"),
        verdict=OuterRef("decisive"),
    )
    kinds = (When(against=against, then=Value(str(said))) for against, said in SPOKEN_AS.items())
    waits = Appeal.objects.annotate(decisive=Case(*kinds, output_field=CharField())).filter(
        ~Exists(heard), ~Exists(decided), proposal=OuterRef("pk"), state=AppealState.OPEN
    )
    return Q(Exists(waits), ~Exists(_recusals(actor)), _of_others(actor))


def _of_others(actor: Actor) -> Q:
    return ~Q(member__slug__in=sorted(actor.members))


def _voices(actor: Actor) -> list[str]:
    return sorted(actor.members_with(Role.MAINTAINER))


def _recusals(actor: Actor) -> QuerySet[Recusal]:
    return Recusal.objects.filter(proposal=OuterRef("pk"), person=actor.key)


def _approvals() -> Combinable:
    said = Review.objects.filter(
        proposal=OuterRef("pk"), revision=OuterRef("revision"), verdict=Verdict.APPROVE
    )
    return Coalesce(Subquery(said.order_by().values("proposal").annotate(n=Count("pk")).values("n")), 0)


def _open_threads() -> Combinable:
    still = Thread.objects.filter(proposal=OuterRef("pk"), resolved_at__isnull=True)
    return Coalesce(Subquery(still.order_by().values("proposal").annotate(n=Count("pk")).values("n")), 0)


def _due(actor: Actor) -> Combinable:
    own = Assignment.objects.filter(proposal=OuterRef("pk"), reviewer=actor.key, state=AssignmentState.OPEN)
    return Subquery(own.values("due_at")[:1])
