"""A table by its pages: handed in, its columns told apart, its rows repaired, its drafts submitted."""

import csv
import json
import uuid
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.batches.models import Batch, Row
from catalog.members.models import Role
from catalog.proposals.models import Proposal
from tests.catalog.batches.conftest import Desk, start, work
from tests.catalog.batches.hubspot import FAULTS, PRIVATE, ROWS, export
from tests.factories import make_person

BATCHES = "/proposals/batches/"
SMALL = b"title_en,URL,licence,Data tier\nSongs,https://a.example/1,CC-BY-4.0,open\nTales,nowhere,MIT,open\n"


def client_of(desk: Desk) -> Client:
    client = Client()
    client.force_login(desk.person)
    return client


@pytest.fixture
def small(db: None) -> Desk:
    return work(start(SMALL, "small.csv"))


@pytest.fixture
def large(db: None) -> Desk:
    return work(start(export(), "export.csv"))


def cells_of(row: Row, **changes: str) -> dict[str, str]:
    """What the repair form sends, with other texts in some columns."""
    columns = [column for column, _path in row.batch.columns]
    texts = {**row.values, **changes}
    return {f"cell_{place}": texts.get(column, "") for place, column in enumerate(columns)}


def test_a_steward_hands_a_file_in_and_comes_to_its_columns(db):
    desk = start(SMALL)
    file = SimpleUploadedFile("more.csv", SMALL, "text/csv")
    answer = client_of(desk).post(f"{BATCHES}new/", {"member": "archive", "file": file})
    batch = Batch.objects.get(name="more.csv")
    assert answer["Location"] == f"{BATCHES}{batch.pk}/columns/"
    page = client_of(desk).get(answer["Location"]).content.decode()
    assert "https://a.example/1" in page
    assert '<option value="located_at" selected>' in page


def test_a_table_can_be_pasted_too(db):
    desk = start(SMALL)
    answer = client_of(desk).post(
        f"{BATCHES}new/", {"member": "archive", "text": "titre;lien\nChants;https://a.b\n"}
    )
    assert answer.status_code == 302
    assert Batch.objects.get(name="Pasted table").rows.count() == 1


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"only words\nof a text", b'{"name": "one"}', b'title,url\n"open']
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(db, data):
    desk = start(SMALL)
    file = SimpleUploadedFile("x.bin", data)
    answer = client_of(desk).post(f"{BATCHES}new/", {"member": "archive", "file": file})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert Batch.objects.count() == 1


def test_columns_and_what_holds_for_all_rows_are_saved_and_read(small):
    client, page = client_of(small), f"{small.batch.get_absolute_url()}columns/"
    chosen = {f"column_{place}": path for place, (_column, path) in enumerate(small.batch.columns)}
    answer = client.post(page, {**chosen, "all-modality": "text", "all-contact__name": "An"})
    assert answer["Location"] == small.batch.get_absolute_url()
    small.batch.refresh_from_db()
    assert small.batch.constants == {"modality": "text", "contact.name": "An"}
    assert small.batch.state == "working"
    assert "hx-get" in client.get(f"{small.batch.get_absolute_url()}progress/").content.decode()


def test_two_columns_for_one_address_are_refused_at_the_second(small):
    page = f"{small.batch.get_absolute_url()}columns/"
    answer = client_of(small).post(page, {"column_0": "located_at", "column_1": "located_at"})
    assert answer.status_code == 422
    assert "fills located_at already" in answer.content.decode()


def test_each_listed_fault_is_repaired_on_its_page_and_leads_to_the_next(large):
    client = client_of(large)
    faulty = sorted({fault.row for fault in FAULTS})
    for fault, following in zip(FAULTS, [*faulty[1:], None], strict=True):
        row = large.row(fault.row)
        assert "field-error" in client.get(row.get_absolute_url()).content.decode() or fault.column == ""
        answer = client.post(row.get_absolute_url(), {**cells_of(row, **fault.mended), "next": "1"})
        wanted = large.row(following).get_absolute_url() if following else large.batch.get_absolute_url()
        assert answer["Location"] == wanted, fault
    answer = client.post(f"{large.batch.get_absolute_url()}submit/", {"affirmed": "on"})
    assert answer["Location"] == large.batch.get_absolute_url()
    assert Proposal.objects.exclude(submitted_at=None).count() == ROWS - len(PRIVATE)


def test_a_repair_that_is_still_wrong_keeps_what_was_typed(small):
    row = small.row(2)
    answer = client_of(small).post(row.get_absolute_url(), cells_of(row, URL="still nowhere"))
    assert answer.status_code == 422
    assert 'value="still nowhere"' in answer.content.decode()
    assert small.row(2).values["URL"] == "still nowhere"


def test_inv_1_a_row_that_is_made_private_on_its_page_keeps_nothing(small):
    row = small.row(2)
    client_of(small).post(row.get_absolute_url(), cells_of(row, **{"Data tier": "private"}))
    assert (small.row(2).state, small.row(2).values) == ("refused", {})


def test_a_row_is_left_out_and_taken_in_again(small):
    client, row = client_of(small), small.row(2)
    client.post(row.get_absolute_url(), {"leave_out": "1"})
    assert small.row(2).state == "skipped"
    client.post(row.get_absolute_url(), {"take_in": "1"})
    assert small.row(2).state == "faulty"


def test_what_blocks_is_listed_with_a_link_to_each_draft(small):
    answer = client_of(small).post(f"{small.batch.get_absolute_url()}submit/", {"affirmed": "on"})
    page = answer.content.decode()
    assert small.row(1).proposal.get_absolute_url() in page
    assert "Still missing: themes." in page
    assert small.row(1).state == "drafted"


def test_without_the_affirmation_nothing_is_submitted(large):
    assert client_of(large).post(f"{large.batch.get_absolute_url()}submit/").status_code == 422
    assert not Proposal.objects.exclude(submitted_at=None).exists()


def test_the_report_groups_faults_and_filters_rows(large):
    page = client_of(large).get(f"{large.batch.get_absolute_url()}?state=faulty").content.decode()
    assert "“CC something” is no licence that we know." in page
    assert "Stories of the river, part 10" not in page


def test_reports_can_be_taken_away_and_no_cell_calculates(large):
    client = client_of(large)
    text = b"".join(client.get(f"{large.batch.get_absolute_url()}report.csv").streaming_content).decode()
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == ROWS
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    report = json.loads(client.get(f"{large.batch.get_absolute_url()}report.json").content)
    assert report["rows"][2]["faults"][0]["code"] == "licence-unknown"


def test_the_example_can_be_handed_in_as_it_is(db):
    text = Client().get(f"{BATCHES}example.csv").content
    desk = work(start(text, "datasets.csv"))
    assert desk.row(1).faults == []
    assert "" not in dict(desk.batch.columns).values()


def test_a_forgotten_table_leaves_its_drafts(small):
    answer = client_of(small).post(f"{small.batch.get_absolute_url()}forget/")
    assert answer["Location"] == BATCHES
    assert (Batch.objects.count(), Proposal.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    "path", ["", "columns/", "rows/1/", "submit/", "forget/", "report.csv", "report.json", "progress/"]
)
@pytest.mark.parametrize(("slug", "role"), [("elsewhere", Role.STEWARD), ("archive", Role.RESEARCHER)])
def test_inv_6_a_batch_is_missing_for_everybody_but_stewards_of_its_member(small, path, slug, role):
    client = Client()
    client.force_login(make_person(slug, role))
    assert client.get(f"{small.batch.get_absolute_url()}{path}").status_code == 404
    assert client.get(f"{BATCHES}{uuid.uuid4()}/{path}").status_code == 404


def test_the_list_shows_own_tables_alone(small):
    other = Client()
    other.force_login(make_person("elsewhere", Role.STEWARD))
    assert "small.csv" in client_of(small).get(BATCHES).content.decode()
    assert "small.csv" not in other.get(BATCHES).content.decode()
