"""A review that is under way and a vote that is open, so that a new house shows how people decide."""

from django.db import transaction

from catalog.governance.models import Choice, Motion, MotionKind
from catalog.governance.services import move, vote
from catalog.members.models import Member, Role, User
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft, start_proposal, submit_proposal
from catalog.proposals.states import AcceptedFor
from catalog.review.models import Thread, Verdict
from catalog.review.services import open_thread, reply, review_proposal
from provenance.actors import Actor
from tapestry.demonstration.consortium import Consortium, WaitingProposal
from tapestry.demonstration.people import maintainers, person


@transaction.atomic
def appoint_community_reviewers(consortium: Consortium) -> None:
    """Let all members vote on who speaks for communities, as far as they have not."""
    for entry in consortium.people:
        if entry.role != "community" or entry.member is None:
            continue
        user = User.objects.get(email=entry.email)
        if user.memberships.filter(role=Role.COMMUNITY).exists():
            continue
        speakers = maintainers(consortium, without="")
        motion = move(
            actor=person(consortium, member=entry.member, role=Role.MAINTAINER),
            kind=MotionKind.ROLE,
            change={
                "person": f"person:{user.pk}",
                "member": entry.member,
                "role": "community",
                "grant": True,
            },
            reason=f"{entry.name} speaks for the people whose stories are in our data.",
        )
        for speaker in speakers:
            motion.refresh_from_db()
            if motion.state == "open":
                vote(actor=speaker, motion=motion, choice=Choice.YES)


@transaction.atomic
def leave_a_review_open(consortium: Consortium) -> Proposal:
    """Hand a proposal in, ask for changes, answer, and let one member approve: a second one is awaited."""
    entry = consortium.waiting_proposal
    if found := Proposal.objects.filter(slug=entry.slug).first():
        return found
    steward = person(consortium, member=entry.member, role=Role.STEWARD)
    first, second = maintainers(consortium, without=entry.member)[:2]
    proposal = start_proposal(
        actor=steward,
        member=Member.objects.get(slug=entry.member),
        slug=entry.slug,
        record={**entry.record, **entry.before},
    )
    proposal = submit_proposal(actor=steward, proposal=proposal)
    threads = [
        open_thread(
            actor=first,
            proposal=proposal,
            field=question.field,
            text=question.question,
            requested=True,
        )
        for question in entry.questions
    ]
    review_proposal(
        actor=first,
        proposal=proposal,
        verdict=Verdict.REQUEST_CHANGES,
        note=entry.request,
        reason_codes=["rights-unclear"],
    )
    proposal.refresh_from_db()
    return _answer(steward, second, proposal, entry, threads)


def _answer(
    steward: Actor, approver: Actor, proposal: Proposal, entry: WaitingProposal, threads: list[Thread]
) -> Proposal:
    for thread, question in zip(threads, entry.questions, strict=True):
        reply(actor=steward, thread=thread, text=question.answer)
    proposal = save_draft(
        actor=steward, proposal=proposal, record=entry.record, expected_revision=proposal.revision
    )
    proposal = submit_proposal(actor=steward, proposal=proposal, answer=entry.answer)
    review_proposal(
        actor=approver,
        proposal=proposal,
        verdict=Verdict.APPROVE,
        accepted_for=AcceptedFor.TRAINING,
        note=entry.approval,
    )
    proposal.refresh_from_db()
    return proposal


@transaction.atomic
def leave_a_vote_open(consortium: Consortium) -> Motion:
    """Move that reviews take less time; its mover has voted, the others are asked."""
    if found := Motion.objects.filter(kind=MotionKind.SETTING).first():
        return found
    mover = maintainers(consortium, without="")[1]
    motion = move(
        actor=mover,
        kind=MotionKind.SETTING,
        change={"key": "review.days", "value": 10},
        reason="Two weeks are long for a steward who waits with a finished dataset.",
    )
    vote(actor=mover, motion=motion, choice=Choice.YES)
    return motion
