"""Files beside an entry's pages, for reading elsewhere."""

from django.urls import path, register_converter

from catalog.cards import views
from catalog.cards.citation_formats import FORMATS


class CitationEnding:
    """The ending of a citation's file, in an address."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(CitationEnding, "citation_ending")

urlpatterns = [
    path("datasets/<slug:slug>/card.md", views.card_markdown, name="dataset-card-md"),
    path(
        "datasets/<slug:slug>/citation.<citation_ending:ending>", views.citation_file, name="dataset-citation"
    ),
]
