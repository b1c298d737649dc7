"""`/notifications/unsubscribe/<token>/`: no more letters, without signing in (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalog.notifications.correspondence import end_letters, user_of_token


@csrf_exempt  # mail programs post it by themselves, and the token is proof enough
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, as programs open links to look at them; end the letters on POST. It names nobody.

    Raises:
        Http404: the token is none of ours.
    """
    if user_of_token(token) is None:
        raise Http404
    ended = request.method == "POST" and end_letters(token)
    response = render(request, "pages/notifications/unsubscribe.html", {"ended": ended})
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    return response
