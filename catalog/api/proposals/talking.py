"""Talks about a proposal: threads at single fields."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.finding import READING, WRITING, ProposalView, problems, read_body
from catalog.api.proposals.sayings import OpenThreadSerializer, ReplySerializer, ResolveSerializer
from catalog.api.proposals.voices import CommentSerializer, ThreadSerializer
from catalog.interchange.disclosure import is_withheld
from catalog.proposals.models import Proposal
from catalog.review.models import Thread
from catalog.review.reading import threads_of
from catalog.review.services import open_thread, reopen, reply, resolve
from provenance.actors import Actor
from provenance.errors import NotFound


class ThreadsView(ProposalView):
    """All talks."""

    @extend_schema(
        operation_id="proposals_threads",
        responses={200: ThreadSerializer(many=True), **problems(*READING)},
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """The talks with all that was said, the first first."""
        actor, proposal = self.find(request, key)
        threads = Thread.objects.none() if is_withheld(actor, proposal) else threads_of(actor, proposal)
        return Response(ThreadSerializer(threads, many=True).data)

    @extend_schema(
        operation_id="proposals_threads_open",
        request=OpenThreadSerializer,
        responses={201: ThreadSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Ask or say something about one field, or about all of it."""
        actor, proposal = self.find(request, key)
        given = read_body(request, OpenThreadSerializer)
        opened = open_thread(actor=actor, proposal=proposal, **given)
        return Response(ThreadSerializer(opened).data, status=201)


class OneThreadView(ProposalView):
    """One talk."""

    @extend_schema(
        operation_id="proposals_threads_resolve",
        request=ResolveSerializer,
        responses={200: ThreadSerializer, **problems(*WRITING)},
    )
    def patch(self, request: Request, key: uuid.UUID, thread_id: uuid.UUID) -> Response:
        """Settle a talk, or take it up again."""
        actor, proposal = self.find(request, key)
        thread = _thread(actor, proposal, thread_id)
        settle = resolve if read_body(request, ResolveSerializer)["resolved"] else reopen
        return Response(ThreadSerializer(settle(actor=actor, thread=thread)).data)


class CommentsView(ProposalView):
    """What is said in one talk."""

    @extend_schema(
        operation_id="proposals_threads_reply",
        request=ReplySerializer,
        responses={201: CommentSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID, thread_id: uuid.UUID) -> Response:
        """Say something in a talk. Nobody changes what was said; who erred says so in the next one."""
        actor, proposal = self.find(request, key)
        thread = _thread(actor, proposal, thread_id)
        said = reply(actor=actor, thread=thread, text=read_body(request, ReplySerializer)["text"])
        return Response(CommentSerializer(said).data, status=201)


def _thread(actor: Actor, proposal: Proposal, thread_id: uuid.UUID) -> Thread:
    thread = threads_of(actor, proposal).filter(pk=thread_id).first()
    if thread is None:
        raise NotFound("There is no such thread.")
    return thread
