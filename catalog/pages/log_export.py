"""`/log/export.jsonl`: the log to take away, and to check elsewhere."""

from typing import Final

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET
from rest_framework.throttling import UserRateThrottle

from catalog.members.actors import actor_of
from catalog.pages.event_log import filters_of
from provenance.errors import TooManyRequests
from provenance.events.export import export_log

JSON_LINES: Final = "application/jsonl; charset=utf-8"


class Pace(UserRateThrottle):
    """How often one person, or one address, takes the log away: each time is an event of its own."""

    scope = "export"


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream the events that the reader may discover, with the filters of the log's page (DM:18).

    Raises:
        TooManyRequests: more often than the rate ``export`` of ``DEFAULT_THROTTLE_RATES``.
    """
    # It reads the user and the address alone, which Django's request has as well.
    if not Pace().allow_request(request, None):  # type: ignore[arg-type]
        raise TooManyRequests("You took the log away often just now.", remedy="Try again in a minute.")
    lines = export_log(actor_of(request.user), filters_of(request.GET))
    response = StreamingHttpResponse(lines, content_type=JSON_LINES)
    response["Content-Disposition"] = 'attachment; filename="tapestry-log.jsonl"'
    response["Cache-Control"] = "no-store"
    return response
