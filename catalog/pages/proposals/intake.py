"""Keeping bytes out before anything reads them: INV-1 begins at the upload handler."""

import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from catalog.members.actors import actor_of
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.tiers import may_store_bytes

View = Callable[..., HttpResponse]


class DropEveryFile(FileUploadHandler):
    """Lets the bytes of a form's files run into nothing: not into memory, not onto a disk."""

    def new_file(self, *_arguments: Any, **_options: Any) -> None:
        """Skip the file."""
        raise SkipFile

    def receive_data_chunk(self, _raw_data: bytes, _start: int) -> None:
        """Keep nothing; other handlers get nothing either."""
        return

    def file_complete(self, _file_size: int) -> None:
        """Have no file."""
        return


def without_forbidden_bytes(view: View) -> View:
    """Drop uploaded bytes unread unless the proposal's tier lets the coordinator hold them (INV-1).

    The tier is asked before the body is parsed, and the check against forged requests parses it: so the view
    is exempt outside and protected inside.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    def guarded(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        if not _may_take_bytes(request, key):
            request.upload_handlers = [DropEveryFile(request)]
        return protected(request, key)

    return guarded


def _may_take_bytes(request: HttpRequest, key: uuid.UUID) -> bool:
    visible = Proposal.objects.visible_to(actor_of(request.user)).filter(pk=key).first()
    tier = tier_of(visible.record) if visible else None
    return tier is not None and may_store_bytes(tier)
