"""The entry and the versions that a page is about; what may not be discovered looks missing (INV-6)."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from catalog.datasets.models import Dataset, DatasetVersion
from provenance.actors import Actor


def visible_entry(actor: Actor, slug: str) -> Dataset:
    """Return the entry with its member; Http404 where there is none that the actor may discover."""
    return get_object_or_404(Dataset.objects.visible_to(actor).select_related("member"), slug=slug)


def visible_versions(actor: Actor, dataset: Dataset) -> list[DatasetVersion]:
    """Return the versions that the actor may discover, newest first and at least one, with their entry."""
    versions = list(DatasetVersion.objects.visible_to(actor).filter(dataset=dataset).order_by("-number"))
    if not versions:
        raise Http404
    for version in versions:
        version.dataset = dataset
    return versions
