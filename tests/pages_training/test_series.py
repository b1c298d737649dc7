"""The page of a series: its sizes side by side, and who teaches whom."""

import pytest

from tests.training.api.signing_node import make_family
from training.families.head import head_of
from training.families.models import ModelSeries

pytestmark = pytest.mark.django_db


def test_a_maintainer_founds_a_series_and_a_second_size_is_offered_a_teacher(client, maintainer):
    large, small = make_family(1), make_family(2)
    client.force_login(maintainer)
    said = {"name": "Weavers", "slug": "weavers", "family": large.slug}
    assert client.post("/series/new/", said).status_code == 302
    assert client.post("/series/weavers/join/", {"family": small.slug}).status_code == 302
    page = client.get("/series/weavers/").content.decode()
    assert f"family={small.slug}&amp;teacher={head_of(large).digest}" in page
    assert "Weavers" in client.get("/models/").content.decode()


def test_others_read_it_and_change_nothing(client, steward):
    ModelSeries.objects.create(slug="weavers", name="Weavers", tokenizer="bytes")
    assert client.get("/series/weavers/").status_code == 200
    client.force_login(steward)
    assert client.post("/series/weavers/join/", {"family": "none"}).status_code == 403
    assert client.get("/series/none/").status_code == 404
