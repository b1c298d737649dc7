"""`/datasets/<slug>/card/`: everything about the data on one page, to read or to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.cards.citation_formats import FORMATS, write_bibtex
from catalog.cards.views import card_asked_for


@require_safe
def show_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the card of the newest version, or of ``?version=``."""
    card = card_asked_for(request, slug)
    context = {
        "card": card,
        "dataset": card.version.dataset,
        "bibtex": write_bibtex(card.citation),
        "formats": FORMATS,
    }
    return render(request, "pages/datasets/card_page.html", context)
