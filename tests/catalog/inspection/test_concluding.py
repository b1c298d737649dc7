"""Facts of a version: once per inspector, with one event; of closed tiers no sketch is kept (INV-1)."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.inspection.concluding import conclude
from catalog.inspection.models import EntryFacts, Overlap, SketchBand
from catalog.inspection.overlapping import overlaps_for
from provenance.actors import ANONYMOUS
from provenance.events.models import Event
from tests.catalog.inspection.conftest import VIETNAMESE, concluded, inspect_all
from tests.factories import make_actor, make_dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_process")]
MORE = "\n".join(
    f"Câu thứ {n}: mọi người đều có quyền được học hành suốt đời {n * n}." for n in range(200)
).encode()


def test_a_version_gets_its_facts_when_its_last_file_was_looked_at():
    version = make_dataset(texts={"vi": VIETNAMESE, "fr": b"Tous les humains naissent libres.\n"}).newest
    assert conclude(version.pk) is None
    inspect_all()
    facts = conclude(version.pk).facts
    assert (facts["files"], facts["records"]) == (2, 5)


def test_done_twice_it_is_done_once():
    version, first = concluded()
    assert conclude(version.pk) is None
    assert EntryFacts.objects.get() == first
    assert Event.objects.filter(action="dataset.facts-computed").count() == 1


def test_the_event_names_version_and_inspector_and_no_file():
    version, row = concluded("train-only")
    event = Event.objects.get(action="dataset.facts-computed")
    assert event.artifact == version.digest
    assert event.details == {"version": 1, "inspector": row.inspector, "refused": 0}


def test_refused_files_are_remarked_on_and_not_counted():
    _, row = concluded(texts={"vi": VIETNAMESE, "fr": b" \n"})
    assert row.facts["files"] == 1
    assert row.facts["remarks"][0]["code"] == "only-whitespace"
    assert row.facts["remarks"][0]["message"].startswith("fr.txt: ")


def test_two_entries_that_share_text_find_one_another():
    older, _ = concluded(texts={"vi": MORE})
    newer, _ = concluded(texts={"vi": MORE + b"\nAnd a little more that is new in here.\n"})
    for here, there in ((older, newer), (newer, older)):
        (overlap,) = overlaps_for(here, ANONYMOUS)
        assert overlap.other == there
        assert overlap.similarity > 0.7


def test_the_same_file_in_two_entries_is_counted():
    concluded(texts={"vi": MORE})
    newer, _ = concluded(texts={"vi": MORE})
    assert overlaps_for(newer, ANONYMOUS)[0].same_files == 1


def test_inv_6_an_overlap_with_facts_that_one_may_not_read_is_not_there():
    concluded("train-only", texts={"vi": MORE})
    newer, _ = concluded(texts={"vi": MORE})
    assert Overlap.objects.count() == 1
    assert overlaps_for(newer, ANONYMOUS) == []
    assert len(overlaps_for(newer, make_actor("elsewhere"))) == 1


def test_a_name_that_another_member_gave_the_same_bytes_is_not_told():
    make_dataset(texts={"vi": VIETNAMESE})
    version, row = concluded(texts={"fr": VIETNAMESE})
    assert "vi.txt" not in str(row.facts)
    assert version.files.get().path == "fr.txt"


@pytest.mark.parametrize("tier", ["local-only", "private"])
def test_inv_1_the_database_refuses_a_sketch_of_closed_data(tier):
    version = make_dataset(tier).newest
    for told in (tier, "open"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO catalog_sketchband (version_id, tier, band, value) VALUES (%s, %s, 0, 1)",
                [version.pk, told],
            )
    assert not SketchBand.objects.exists()
