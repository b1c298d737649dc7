"""A worker that dies loses no row and doubles none; what becomes private is forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.batches import working
from catalog.batches.models import Batch
from catalog.batches.services import set_columns, submit_rows, unskip_row
from catalog.batches.services import skip_row as leave_out
from catalog.batches.working import resume_silent, run_batch
from catalog.members.models import Membership, Role
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft
from provenance.errors import Conflict, Invalid, NotFound
from provenance.events.models import Event
from tests.catalog.batches.conftest import Desk, start, work
from tests.factories import make_actor

ROWS = 12
TABLE = "title,url\n" + "".join(f"Songs {n},https://a.example/{n}\n" for n in range(1, ROWS + 1))


class Killed(BaseException):
    """What no code catches, as a killed worker does not."""


@pytest.fixture
def desk(db: None) -> Desk:
    """A table whose columns are set, its rows still waiting."""
    made = start(TABLE.encode())
    set_columns(actor=made.actor, batch=made.batch, columns=dict(made.batch.columns))
    return made


def die_at(monkeypatch, row: int) -> None:
    """Let the worker die in the middle of a row, after its draft was made."""
    swap = working.swap_state

    def swap_or_die(each, **changes):
        if getattr(each, "number", None) == row:
            raise Killed
        return swap(each, **changes)

    monkeypatch.setattr(working, "swap_state", swap_or_die)


def test_inv_8_a_worker_that_dies_amid_a_row_is_followed_by_one_that_doubles_nothing(desk, monkeypatch):
    with monkeypatch.context() as patched:
        die_at(patched, row=5)
        with pytest.raises(Killed):
            run_batch(desk.batch.pk)
    assert (Proposal.objects.count(), desk.batch.rows.filter(state="drafted").count()) == (4, 4)
    run_batch(desk.batch.pk)
    desk.batch.refresh_from_db()
    assert (Proposal.objects.count(), desk.batch.state) == (ROWS, "ready")


def test_a_task_that_comes_twice_does_nothing_more(desk):
    run_batch(desk.batch.pk)
    run_batch(desk.batch.pk)
    assert Proposal.objects.count() == ROWS
    assert Event.objects.filter(action="batch.worked-through").count() == 1


def test_a_silent_batch_is_brought_back_once_a_minute(desk):
    assert resume_silent() == []
    Batch.objects.update(touched_at=timezone.now() - timedelta(minutes=2))
    assert resume_silent() == [str(desk.batch.pk)]
    assert resume_silent() == []


def test_a_batch_of_who_is_no_steward_any_more_waits_for_another_one(desk):
    Membership.objects.filter(user=desk.person).delete()
    run_batch(desk.batch.pk)
    desk.batch.refresh_from_db()
    assert (desk.batch.state, Proposal.objects.count()) == ("mapping", 0)


def test_columns_are_not_changed_under_a_worker(desk):
    with pytest.raises(Conflict):
        set_columns(actor=desk.actor, batch=desk.batch, columns={})


def test_rows_that_are_drafts_stay_so_when_columns_change(desk):
    run_batch(desk.batch.pk)
    set_columns(actor=desk.actor, batch=desk.batch, columns={"url": "located_at"})
    run_batch(desk.batch.pk)
    assert Proposal.objects.count() == ROWS


def test_inv_1_what_becomes_private_later_is_forgotten_in_the_table_too(desk):
    run_batch(desk.batch.pk)
    draft = desk.row(3).proposal
    save_draft(actor=desk.actor, proposal=draft, record={"tier": "private"}, expected_revision=draft.revision)
    assert (desk.row(3).values, desk.row(3).faults) == ({}, [])


def test_inv_1_a_column_that_turns_out_to_be_the_tier_empties_its_private_rows(db):
    desk = work(start(b"title,Wie\nSecret,private\nSongs,open\nTales,gold\n"))
    assert desk.row(1).state == "drafted"
    desk = start(b"title,Wie\nSecret,private\nSongs,open\n", member="other")
    set_columns(actor=desk.actor, batch=desk.batch, columns={"title": "title", "Wie": "tier"})
    assert (desk.row(1).state, desk.row(1).values) == ("refused", {})


def test_inv_1_private_can_not_hold_for_all_rows(desk):
    run_batch(desk.batch.pk)
    with pytest.raises(Invalid) as refused:
        set_columns(actor=desk.actor, batch=desk.batch, columns={}, constants={"tier": "private"})
    assert refused.value.code == "constant-unreadable"


def test_what_holds_for_all_rows_fills_what_a_row_leaves_empty(db):
    desk = work(start(b"title,licence\nSongs,\nTales,MIT\n"), licence="CC0-1.0", contact__name="An")
    assert [desk.row(n).proposal.record["licence"] for n in (1, 2)] == ["CC0-1.0", "MIT"]
    assert desk.row(1).proposal.record["contact"] == {"name": "An"}


def test_a_row_that_was_left_out_hides_no_later_one(db):
    desk = work(start(b"title,url\nSongs,nowhere\nSongs,https://a.example\n"))
    assert desk.row(2).faults[0]["told"] == {"row": "1"}
    leave_out(actor=desk.actor, row=desk.row(1))
    leave_out(actor=desk.actor, row=desk.row(2))
    assert unskip_row(actor=desk.actor, row=desk.row(2)).state == "drafted"


def test_what_the_member_proposed_before_is_told(db):
    work(start(b"title,url\nSongs,https://a.example/\n"))
    desk = work(start(b"title,url\nOther songs,https://A.example\n"))
    assert desk.row(1).faults[0]["told"] == {"proposal": "songs"}


def test_a_steward_of_another_member_finds_no_batch(desk):
    stranger = make_actor("elsewhere", Role.STEWARD)
    with pytest.raises(NotFound):
        submit_rows(actor=stranger, batch=desk.batch, affirmed=True)


def test_events_tell_of_batches_to_their_member_alone(desk):
    run_batch(desk.batch.pk)
    told = Event.objects.filter(subject=f"batch:{desk.batch.pk}")
    assert [event.action for event in told.order_by("pk")] == [
        "batch.started",
        "batch.columns-set",
        "batch.worked-through",
    ]
    assert {event.audience for event in told} == {"member:archive"}
