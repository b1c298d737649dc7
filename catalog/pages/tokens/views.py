"""`/accounts/tokens/`: which programs speak for me at the API, and how do I stop one?"""

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import UserRateThrottle

from catalog.members.actors import actor_of
from catalog.pages.tokens.forms import TokenForm
from catalog.tokens.models import tokens_of
from catalog.tokens.services import make_token, revoke_token
from provenance.errors import Conflict, TooManyRequests


class Pace(UserRateThrottle):
    """How often one person makes a token: each time is an event of its own."""

    scope = "token"


@login_required
@require_safe
def browse_tokens(request: HttpRequest) -> HttpResponse:
    """List the person's own tokens; the tokens themselves are kept nowhere."""
    tokens = tokens_of(actor_of(request.user).key)
    return render(request, "pages/tokens/browse.html", {"tokens": tokens})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """Ask what it is for, then show the new token, once: the answer is not kept and not cached.

    Raises:
        TooManyRequests: more often than the rate ``token`` of ``DEFAULT_THROTTLE_RATES``.
    """
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        # It reads the user alone, which Django's request has as well.
        if not Pace().allow_request(request, None):  # type: ignore[arg-type]
            raise TooManyRequests("You made many tokens just now.", remedy="Try again in an hour.")
        try:
            token, secret = make_token(actor=actor_of(request.user), **form.cleaned_data)
        except Conflict:
            form.add_error(None, _("You have too many tokens: revoke one that you use no more."))
        else:
            return render(request, "pages/tokens/made.html", {"token": token, "secret": secret}, status=201)
    return render(request, "pages/tokens/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once more, then end one of the person's own tokens. Other people's look missing."""
    actor = actor_of(request.user)
    token = tokens_of(actor.key).filter(key=key).first()
    if token is None:
        raise Http404
    if request.method == "POST":
        revoke_token(actor=actor, token=token)
        messages.success(request, _("Revoked. It counts for nothing from now on."))
        return redirect("account_tokens")
    return render(request, "pages/tokens/revoke.html", {"token": token})
