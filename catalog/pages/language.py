"""`/language/`: in which language does the reader want the site?"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_info
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Those with a translation of ours; Arabic has Django's own words alone, and is there for its direction.
OFFERED: Final = ("en", "fr")


@never_cache
@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Offer each language by its own name; choosing leads back to the page that the reader came from."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    context = {
        "offered": [(code, get_language_info(code)["name_local"].capitalize()) for code in OFFERED],
        "next": came_from if ours else "/",
    }
    return render(request, "pages/language.html", context)
