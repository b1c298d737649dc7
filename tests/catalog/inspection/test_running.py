"""A file is looked at once, whatever happens to messages and workers (INV-8)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.inspection.models import Inspection
from catalog.inspection.reaping import reap
from catalog.inspection.running import run_inspection
from tests.catalog.inspection.conftest import VIETNAMESE, inspect_all
from tests.factories import make_draft

pytestmark = pytest.mark.django_db


def test_an_attached_file_waits_for_its_inspection():
    make_draft(texts={"vi": VIETNAMESE})
    row = Inspection.objects.get()
    assert (row.state, row.bytes_total, row.languages) == ("queued", len(VIETNAMESE), ["vi"])


def test_two_drafts_with_one_file_are_looked_at_once():
    make_draft(texts={"vi": VIETNAMESE})
    make_draft(texts={"vi": VIETNAMESE})
    assert inspect_all() == 1
    assert inspect_all() == 0


def test_what_is_found_is_kept_without_any_row():
    make_draft(texts={"vi": VIETNAMESE})
    inspect_all()
    row = Inspection.objects.get()
    assert row.state == "done"
    assert row.facts["records"] == 4
    assert row.facts["preview"] == []
    assert "Tất cả" not in str(row.facts)


def test_a_file_that_is_unfit_is_refused_with_a_sentence():
    make_draft(texts={"vi": b" \n \n"})
    inspect_all()
    row = Inspection.objects.get()
    assert (row.state, row.reason_code) == ("refused", "only-whitespace")
    assert row.reason.endswith(".")


def test_local_only_data_are_never_looked_at():
    make_draft("local-only", texts={"vi": VIETNAMESE})
    assert not Inspection.objects.exists()


def test_a_silent_worker_loses_its_file_and_the_next_one_finishes_it_once():
    make_draft(texts={"vi": VIETNAMESE})
    row = stopped_in_the_middle()
    assert reap() == 1
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("queued", 1)
    assert run_inspection(row.pk)
    assert not run_inspection(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("done", 2)


def test_the_third_death_is_the_last():
    make_draft(texts={"vi": VIETNAMESE})
    row = stopped_in_the_middle(attempt=3)
    assert reap() == 1
    row.refresh_from_db()
    assert (row.state, row.reason_code) == ("refused", "inspection-crashed")


def test_a_worker_that_gives_signs_of_life_is_left_alone():
    make_draft(texts={"vi": VIETNAMESE})
    Inspection.objects.update(state="running", attempt=1, bytes_done=1, touched_at=timezone.now())
    assert reap() == 0


def stopped_in_the_middle(attempt=1):
    row = Inspection.objects.get()
    long_ago = timezone.now() - timedelta(minutes=5)
    Inspection.objects.filter(pk=row.pk).update(
        state="running", attempt=attempt, bytes_done=10, touched_at=long_ago
    )
    return row
