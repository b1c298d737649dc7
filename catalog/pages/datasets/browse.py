"""`/datasets/`: which data are there for me?"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.datasets.models import Dataset
from catalog.members.actors import actor_of
from catalog.pages.datasets.cards import cards_of
from catalog.pages.datasets.facets import address_with, chosen_filters, draw_facets
from catalog.search.index import SearchUnavailableError
from catalog.search.reads import Found, search_datasets
from provenance.actors import Actor

PAGE: Final = 20
LAST_PAGE: Final = 500
MOST_WORDS: Final = 300  # characters of a question


@require_safe
def browse_datasets(request: HttpRequest) -> HttpResponse:
    """Search, filter and page through the entries that the reader may discover."""
    actor = actor_of(request.user)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_WORDS]
    chosen = chosen_filters(request.GET)
    page = _page_number(request.GET.get("page", "1"))
    found, works = _find(actor, text, chosen, (page - 1) * PAGE)
    context = {
        "query": text,
        "found": found,
        "search_works": works,
        "cards": cards_of(actor, found.entries),
        "facets": draw_facets(found.facets, chosen, request.GET),
        "is_filtered": any(chosen.values()),
        "without_filters": f"?q={text}" if text else request.path,
        "page_number": page,
        "previous_url": address_with(request.GET, page=page - 1) if page > 1 else "",
        "next_url": address_with(request.GET, page=page + 1)
        if found.next_offset and page < LAST_PAGE
        else "",
    }
    return render(request, "pages/datasets/browse.html", context)


def _find(actor: Actor, text: str, chosen: dict[str, list[str]], offset: int) -> tuple[Found, bool]:
    """Ask the index; while it is being mended, show the newest entries, so that the page still serves."""
    try:
        return search_datasets(actor=actor, text=text, filters=chosen, offset=offset, limit=PAGE), True
    except SearchUnavailableError:
        visible = Dataset.objects.visible_to(actor).filter(state=Dataset.State.PUBLISHED)
        entries = tuple(visible.select_related("member")[offset : offset + PAGE])
        return Found(entries, visible.count(), {}, offset + PAGE if len(entries) == PAGE else None), False


def _page_number(asked: str) -> int:
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= len(str(LAST_PAGE))
    return min(max(int(asked), 1), LAST_PAGE) if is_number else 1
