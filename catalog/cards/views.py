"""Cards and citations as files: `/datasets/<slug>/card.md`, `/datasets/<slug>/citation.bib` and the like."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.cards.card import Card, card_of
from catalog.cards.citation_formats import FORMATS
from catalog.cards.finding import version_asked_for
from catalog.cards.markdown import write_markdown
from catalog.members.actors import actor_of


@require_safe
def card_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of the newest version, or of ``?version=``, as Markdown with front matter."""
    card = card_asked_for(request, slug)
    return _file(write_markdown(card), "text/markdown", f"{slug}-v{card.version.number}.md")


@require_safe
def citation_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The citation of the newest version, or of ``?version=``, in one of four formats."""
    card = card_asked_for(request, slug)
    chosen = FORMATS[ending]
    return _file(chosen.write(card.citation), chosen.media_type, f"{card.citation.key}.{ending}")


def card_asked_for(request: HttpRequest, slug: str) -> Card:
    """Return the card as the reader may see it; Http404 for what is not there or may not be discovered."""
    actor = actor_of(request.user)
    return card_of(version_asked_for(actor, slug, request.GET.get("version")), actor)


def _file(text: str, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    # Never rendered in place: whatever a browser makes of a type, these texts are to be kept.
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
