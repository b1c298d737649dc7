"""The whole catalog as pages of DCAT, for those who harvest it."""

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db.models import Prefetch

from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion
from catalog.interchange.addresses import absolute
from catalog.interchange.context import load_context
from catalog.interchange.dataset_document import dataset_node
from catalog.interchange.disclosure import discoverable_sources
from catalog.lifecycle.standing import standings_of
from provenance.actors import Actor
from provenance.errors import Invalid

PAGE: Final = 100
_SALT: Final = "catalog.jsonld"


def catalog_document(*, actor: Actor, cursor: str = "") -> dict[str, Any]:
    """Return one page of the entries that ``actor`` may discover, by slug, in a constant number of queries.

    The cursor holds the last slug shown and nothing else: primary keys would count what is hidden (INV-6).

    Raises:
        Invalid: the cursor is none of ours.
    """
    visible = Dataset.objects.visible_to(actor).filter(state=Dataset.State.PUBLISHED).order_by("slug")
    rows = list(visible.filter(slug__gt=_read(cursor)).values_list("pk", "slug")[: PAGE + 1])
    page = rows[:PAGE]
    versions = current_versions([pk for pk, _slug in page])
    known = discoverable_sources(actor, versions)
    standings = standings_of(actor, [version.dataset for version in versions])
    return {
        "@context": load_context("catalog-1"),
        "@id": absolute("/catalog.jsonld"),
        "@type": ["dcat:Catalog", "hydra:Collection"],
        "title": {"en": settings.SITE_NAME},
        "description": {"en": f"Datasets of the consortium that {settings.SITE_NAME} lists"},
        "publisher": {"@id": absolute("/"), "@type": "foaf:Agent", "name": settings.SITE_NAME},
        "totalItems": str(visible.count()),
        "view": _view(cursor, page[-1][1] if len(rows) > PAGE else ""),
        "dataset": [
            dataset_node(version, actor, known=known, standing=standings.get((version.dataset_id, None)))
            for version in versions
        ],
    }


def current_versions(dataset_ids: list[int]) -> list[DatasetVersion]:
    """Return the newest version of each entry, with entry, member and files, ordered by slug; two queries."""
    newest = DatasetVersion.objects.filter(dataset__in=dataset_ids).order_by(
        "dataset__slug", "dataset", "-number"
    )
    files = Prefetch("files", DatasetFile.objects.order_by("path"))
    return list(newest.distinct("dataset__slug").select_related("dataset__member").prefetch_related(files))


def _view(cursor: str, last: str) -> dict[str, Any]:
    here = f"{absolute('/catalog.jsonld')}?{urlencode({'cursor': cursor})}"
    view = {"@id": here, "@type": "hydra:PartialCollectionView"}
    if not last:
        return view
    following = urlencode({"cursor": signing.dumps(last, salt=_SALT)})
    return {**view, "next": f"{absolute('/catalog.jsonld')}?{following}"}


def _read(cursor: str) -> str:
    if not cursor:
        return ""
    try:
        return str(signing.loads(cursor, salt=_SALT))
    except signing.BadSignature:
        raise Invalid(
            "This page does not exist; start at /catalog.jsonld.", fields={"cursor": ["is not ours"]}
        ) from None
