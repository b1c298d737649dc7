"""What is new, for feed readers and search engines: only what everybody may discover (INV-6)."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from catalog.datasets.models import Dataset
from catalog.design.languages import choose_text
from catalog.interchange.addresses import absolute, dataset_address
from provenance.actors import ANONYMOUS

NEWEST = 50


def _published() -> QuerySet[Dataset]:
    return Dataset.objects.visible_to(ANONYMOUS).filter(state=Dataset.State.PUBLISHED)


class DatasetFeed(Feed):  # type: ignore[type-arg]  # generic for the type checker only
    """``/feeds/datasets.atom``: the entries changed last, newest first (RFC 4287)."""

    feed_type = Atom1Feed
    title = "Tapestry Catalog: datasets"
    subtitle = "Entries that were published or got a new version."

    def link(self) -> str:
        """Return the page that lists what the feed tells of."""
        return absolute(reverse("datasets"))

    def items(self) -> QuerySet[Dataset]:
        """Return the newest entries, in one query."""
        return _published().select_related("member").order_by("-updated_at", "-id")[:NEWEST]

    def item_title(self, item: Dataset) -> str:
        """Return the title in English, or the first language there is."""
        return choose_text(item.title, "en").text

    def item_description(self, item: Dataset) -> str:
        """Return the summary as text; the feed's writer escapes it."""
        return choose_text(item.summary, "en").text

    def item_link(self, item: Dataset) -> str:
        """Return the entry's own address, which is its identity as well."""
        return dataset_address(item)

    def item_author_name(self, item: Dataset) -> str:
        """Return the member that keeps the entry."""
        return item.member.name

    def item_pubdate(self, item: Dataset) -> datetime:
        """Return when the entry was listed."""
        return item.created_at

    def item_updateddate(self, item: Dataset) -> datetime:
        """Return when its newest version came."""
        return item.updated_at


class DatasetSitemap(Sitemap):  # type: ignore[type-arg]  # generic for the type checker only
    """``/sitemap.xml``: the pages of all entries that everybody may discover (sitemaps.org 0.9)."""

    protocol = urlsplit(settings.PUBLIC_URL).scheme
    limit = 10_000

    def items(self) -> QuerySet[Dataset]:
        """Return the entries in a stable order, so that pages of the map do not shift."""
        return _published().order_by("id")

    def lastmod(self, item: Dataset) -> datetime:
        """Return when its newest version came."""
        return item.updated_at

    def get_domain(self, site: object = None) -> str:  # noqa: ARG002 - the shape that Django calls
        """Return the public host: what we print never depends on a request's Host."""
        return urlsplit(settings.PUBLIC_URL).netloc
