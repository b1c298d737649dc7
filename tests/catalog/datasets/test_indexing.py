"""The search index is asked for after the commit, and an absent broker undoes no publication."""

import pytest

from catalog.datasets.models import Dataset
from catalog.search.tasks import index_dataset
from tests.factories import approve, make_submitted

pytestmark = pytest.mark.django_db


def test_a_publication_asks_for_its_place_in_the_index(django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr(index_dataset, "delay", asked.append)
    _, proposal = make_submitted()
    with django_capture_on_commit_callbacks(execute=True):
        approve(proposal)
    assert asked == [Dataset.objects.get().pk]


def test_a_publication_stands_when_the_broker_is_away(django_capture_on_commit_callbacks, monkeypatch):
    def refuse(_dataset_id):
        raise ConnectionError

    monkeypatch.setattr(index_dataset, "delay", refuse)
    _, proposal = make_submitted()
    with django_capture_on_commit_callbacks(execute=True):
        approve(proposal)
    assert Dataset.objects.count() == 1
