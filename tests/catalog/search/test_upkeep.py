from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.datasets.models import Dataset
from catalog.search import get_index
from catalog.search.documents import documents_of
from catalog.search.index import Query
from catalog.search.reads import search_datasets
from catalog.search.reindex import measure_drift, reindex
from catalog.search.tasks import index_dataset, mend_index
from provenance.actors import ANONYMOUS, PUBLIC
from tests.catalog.api.entries import add_version, make_entry, make_record


def hits(text=""):
    return set(get_index().search(Query(audiences=frozenset({PUBLIC}), text=text)).hits)


def break_index(folder):
    for meta in (folder / "search").rglob("meta.json"):
        meta.write_text("{")


def test_a_task_brings_one_entry_in_and_does_the_same_done_twice(db, own_places):
    entry = make_entry("songs")
    index_dataset(entry.pk)
    index_dataset(entry.pk)
    assert (hits("songs"), get_index().count()) == ({"songs"}, 1)


def test_a_new_version_replaces_what_was_found(db, own_places):
    entry = make_entry("songs")
    index_dataset(entry.pk)
    add_version(entry, make_record("songs", "open", description={"en": "Recorded on wax"}), number=2)
    index_dataset(entry.pk)
    assert (hits("wax"), hits("parish")) == ({"songs"}, set())


def test_a_withdrawn_entry_leaves_the_index(four_tiers):
    Dataset.objects.filter(slug="open-songs").update(state="withdrawn", withdrawn_at=timezone.now())
    index_dataset(four_tiers["open"].pk)
    assert "open-songs" not in hits()


def test_a_sealed_entry_is_found_as_sealed_and_offers_no_empty_filter(four_tiers):
    (document,) = documents_of([four_tiers["private"]])
    assert (document.title, document.summary, document.description, document.details) == ("", "", "", "")
    assert document.about.split("\n")[:2] == ["sealed", "private-songs"]
    assert {name: values for name, values in document.facets.items() if values} == {
        "tier": ("private",),
        "member": ("loom",),
    }


def test_drift_names_what_is_missing_stale_and_surplus(four_tiers):
    make_entry("new-songs")
    add_version(four_tiers["open"], make_record("x", "open", description={"en": "other"}), number=2)
    Dataset.objects.filter(slug="local-only-songs").update(state="withdrawn", withdrawn_at=timezone.now())
    drift = measure_drift(get_index())
    assert (drift.missing, drift.stale, drift.surplus) == (
        ("new-songs",),
        ("open-songs",),
        ("local-only-songs",),
    )


def test_reindexing_mends_drift_and_then_has_nothing_left_to_do(four_tiers):
    make_entry("new-songs")
    Dataset.objects.filter(slug="open-songs").update(state="withdrawn", withdrawn_at=timezone.now())
    assert [reindex(get_index()), reindex(get_index())] == [2, 0]
    assert measure_drift(get_index()).total == 0


def test_a_run_that_died_is_resumed_where_it_stopped(db, own_places, monkeypatch):
    monkeypatch.setattr("catalog.search.reindex.BATCH", 2)
    [make_entry(f"e{number}") for number in range(5)]

    def die(done, _total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(get_index(), progress=die)
    assert reindex(get_index()) == 1


def test_a_broken_index_is_built_anew(four_tiers, own_places):
    break_index(own_places)
    mend_index()
    assert hits() == {"open-songs", "train-only-songs", "local-only-songs"}


def test_the_command_reports_progress_and_what_differs(four_tiers):
    make_entry("new-songs")
    with pytest.raises(CommandError, match="1 entries differ"):
        call_command("reindex", check=True, stdout=StringIO())
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "5 of 5 entries" in out.getvalue()
    call_command("reindex", check=True, stdout=StringIO())


def test_starting_from_nothing_finds_everything_again(four_tiers):
    call_command("reindex", fresh=True, stdout=StringIO())
    assert get_index().count() == 4


def test_inv_6_the_database_has_the_last_word_over_a_stale_index(four_tiers):
    Dataset.objects.filter(slug="open-songs").update(audience="member:loom")
    found = search_datasets(actor=ANONYMOUS, text="songs")
    assert {entry.slug for entry in found.entries} == {"train-only-songs", "local-only-songs"}
