"""`/favicon.ico`: browsers ask for it beside pages that name no icon, such as JSON and Atom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def show_favicon(_request: HttpRequest) -> HttpResponse:
    """Lead to the icon that pages name, whose address changes with its content."""
    return redirect(static("img/favicon.svg"))
