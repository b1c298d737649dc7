"""`/log/export.jsonl`: the log to take away, and to check elsewhere."""

from typing import Final

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from catalog.members.actors import actor_of
from catalog.pages.event_log import filters_of
from provenance.events.export import export_log

JSON_LINES: Final = "application/jsonl; charset=utf-8"


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream the events that the reader may discover, with the filters of the log's page (DM:18)."""
    lines = export_log(actor_of(request.user), filters_of(request.GET))
    response = StreamingHttpResponse(lines, content_type=JSON_LINES)
    response["Content-Disposition"] = 'attachment; filename="tapestry-log.jsonl"'
    response["Cache-Control"] = "no-store"
    return response
