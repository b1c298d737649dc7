"""Absolute addresses of what documents speak of. They are names too, so they never depend on a request."""

from urllib.parse import quote

from django.conf import settings

from catalog.datasets.models import Dataset, DatasetVersion


def absolute(path: str) -> str:
    """Return the public address of a path of this site."""
    return f"{settings.PUBLIC_URL}{path}"


def dataset_address(dataset: Dataset) -> str:
    """Return the address that names an entry."""
    return absolute(dataset.get_absolute_url())


def version_address(version: DatasetVersion) -> str:
    """Return the page of a version; its manifest stands there too."""
    return absolute(version.get_absolute_url())


def file_address(version: DatasetVersion, path: str) -> str:
    """Return where the bytes of a file are downloaded, where the tier lets anybody do that."""
    return absolute(f"/api/v1/datasets/{version.dataset.slug}/versions/{version.number}/files/{quote(path)}")
