"""Which representation a caller asked for."""

from django.http import HttpRequest

from catalog.interchange.context import MEDIA_TYPE


def wants_jsonld(request: HttpRequest) -> bool:
    """Tell whether a page's caller prefers JSON-LD to HTML; a browser's ``*/*`` does not mean that."""
    return request.get_preferred_type(["text/html", MEDIA_TYPE]) == MEDIA_TYPE
