import pytest

from tests.catalog.api.entries import four_tiers, insider, own_places
from tests.catalog.api.proposals_scene import Scene, make_scene

__all__ = ["four_tiers", "insider", "own_places", "scene"]


@pytest.fixture
def scene(db: None, settings, tmp_path) -> Scene:
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()
    return make_scene()
