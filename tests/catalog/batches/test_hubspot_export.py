"""An export of 200 rows with listed faults: reported exactly, repaired row by row, handed in together."""

from catalog.batches.models import Batch, Row
from catalog.batches.services import repair_row, submit_rows
from catalog.proposals.models import Proposal
from provenance.events.models import Event
from tests.catalog.batches.hubspot import FAULTS, FORMULA, PRIVATE, ROWS, SECRET, expected


def _mend_all(desk):
    for fault in FAULTS:
        repair_row(actor=desk.actor, row=desk.row(fault.row), values=fault.mended)


def test_the_report_names_exactly_the_faults_that_were_put_in(desk):
    rows = desk.batch.rows.exclude(faults=[])
    found = {(row.number, fault.get("column", ""), fault["code"]) for row in rows for fault in row.faults}
    assert found == expected()
    assert desk.batch.format == Batch.Format.HUBSPOT
    assert len({fault.code for fault in FAULTS}) >= 12


def test_what_has_no_fault_is_a_draft_without_anything_missing(desk):
    drafted = desk.batch.rows.filter(state="drafted")
    assert drafted.count() == ROWS - len({fault.row for fault in FAULTS}) - len(PRIVATE)
    record = desk.row(1).proposal.record
    assert record["languages"] == ["fr", "en"]
    assert record["rights"]["redistribution"] == "unknown"
    assert record["size"] == {"records": 1000}


def test_inv_1_a_private_row_keeps_nothing_but_its_number(desk):
    rows = Row.objects.filter(state="refused")
    assert sorted(row.number for row in rows) == list(PRIVATE)
    assert all(row.values == {} and row.proposal is None for row in rows)
    kept = [*Row.objects.values_list("values", flat=True), *Event.objects.values_list("details", flat=True)]
    assert not any(SECRET in str(each) for each in kept)


def test_a_formula_stays_a_text(desk):
    assert desk.row(FORMULA[0]).proposal.record["represents"] == FORMULA[1]


def test_each_fault_is_repaired_and_its_row_becomes_a_draft(desk):
    for fault in FAULTS:
        row = repair_row(actor=desk.actor, row=desk.row(fault.row), values=fault.mended)
        assert (row.state, row.faults) == ("drafted", []), fault
    assert not desk.batch.rows.filter(state="faulty").exists()


def test_all_that_was_repaired_can_be_handed_in_together(desk):
    _mend_all(desk)
    done = submit_rows(actor=desk.actor, batch=desk.batch, affirmed=True)
    assert done.blocked == []
    assert len(done.submitted) == ROWS - len(PRIVATE) == Proposal.objects.exclude(submitted_at=None).count()
