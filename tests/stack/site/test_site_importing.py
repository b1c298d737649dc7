"""A table of 200 rows through the browser while the worker dies, and its repair; and single descriptions."""

import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tapestry.demonstration.leak_search import search, search_database
from tests.catalog.batches.hubspot import FAULTS, HEADINGS, PRIVATE, ROWS, SECRET, expected, export
from tests.stack.site.keyboard import Keyboard
from tests.stack.site.test_site_reviewing import posted, said

pytestmark = pytest.mark.endurance

STEWARD = "awa@sahel.example"  # no other journey looks at what her member proposes
WORD = f"word{secrets.token_hex(3)}"
FEW = range(172, 192)  # faultless rows, for the table that is handed in
DESCRIPTIONS = Path(__file__).parents[2] / "catalog/intake/descriptions"
SUBMIT = "main form .actions button"
STATES = "SELECT state::text, count(*)::int FROM catalog_row WHERE batch_id = %s GROUP BY state"
MADE = "SELECT count(*)::int FROM catalog_proposal WHERE record::text LIKE %s"
ENDED = (
    "SELECT DISTINCT p.state::text FROM catalog_proposal p JOIN catalog_row r ON r.proposal_id = p.id"
    " WHERE r.batch_id = %s"
)
FOUND = """rows => rows.flatMap(row => [...row.querySelectorAll("td a")].map(link => [
  Number(link.textContent), row.querySelector("th bdi")?.textContent ?? "",
  row.querySelector("[title]").title]))"""


@pytest.fixture(scope="module")
def desk(readers):
    """The steward's window, open for the whole journey."""
    context = readers.context(STEWARD)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def batch(desk, site) -> str:
    """The id of the table of 200 rows: its worker was killed in the middle, and it is ready all the same."""
    key = brought(desk, "hubspot-export.csv", marked(export(), WORD))
    site.until(lambda: 10 <= settled(site, key) < ROWS // 2, 60, "the worker is in the middle of the table")
    before = site.returned("worker")
    site.kill_part("worker", whole=True)
    assert counted(site, key)["waiting"] > 0
    site.until(lambda: site.returned("worker") > before, 60, "the worker is back")
    site.until(lambda: is_ready(site, key), 180, "the table was worked through")
    return key


def marked(table: bytes, word: str) -> bytes:
    """The export with titles and addresses of its own: what was imported before would be a duplicate."""
    return table.replace(b"data.example", f"{word}.example".encode()).replace(b"Stories", word.encode())


def brought(page: Page, name: str, table: bytes) -> str:
    """Hand a table in by the page, leave its columns as guessed, and return its id."""
    page.goto("/proposals/batches/new/")
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": table})
    Keyboard(page).press(SUBMIT)
    assert "What does each column mean?" in said(page)
    Keyboard(page).press(SUBMIT)
    return page.url.split("/")[-2]


def counted(site, key: str) -> dict[str, int]:
    return {"waiting": 0, **dict(site.rows(STATES, key))}


def settled(site, key: str) -> int:
    return ROWS - counted(site, key)["waiting"]


def is_ready(site, key: str) -> bool:
    return site.rows("SELECT state FROM catalog_batch WHERE id = %s", key) == [("ready",)]


def test_a_table_outlives_its_worker_and_is_repaired_row_by_row(batch, desk, site):
    no_row_is_doubled_or_lost(site, batch)
    desk.goto(f"/proposals/batches/{batch}/")
    found = desk.eval_on_selector_all("[aria-labelledby=faults] tbody tr", FOUND)
    assert {tuple(each) for each in found} == expected()
    Keyboard(desk).press("a.button[href*='/rows/']")
    kinds: set[str] = set()
    for fault in FAULTS:
        assert desk.url.endswith(f"/rows/{fault.row}/")
        repair(Keyboard(desk), fault, leave_out=fault.code in kinds)
        kinds.add(fault.code)
    assert desk.url.endswith(f"/batches/{batch}/")
    left_out = len(FAULTS) - len(kinds)
    drafts = ROWS - len(PRIVATE) - left_out
    assert f"Nothing is left to repair: {drafts} drafts wait to be submitted." in said(desk)
    assert counted(site, batch)["skipped"] == left_out > 0


def no_row_is_doubled_or_lost(site, key: str) -> None:
    faulty = len({fault.row for fault in FAULTS})
    drafts = ROWS - faulty - len(PRIVATE)
    states = {"waiting": 0, "faulty": faulty, "drafted": drafts, "refused": len(PRIVATE)}
    assert counted(site, key) == states
    assert site.rows(MADE, f"%{WORD} of the%") == [(drafts,)]


def repair(keys: Keyboard, fault, *, leave_out: bool) -> None:
    """Type what mends the row and go on to the next, or leave it out."""
    if leave_out:
        keys.press("button[name=leave_out]")
        return
    for column, text in fault.mended.items():
        own = text.replace("data.example", f"{WORD}.example")
        keys.write(f"cell_{HEADINGS.index(column)}", f"{own} {WORD}" if column == "Dataset name" else own)
    keys.press("button[name=next]")


def test_of_private_rows_nothing_is_kept(batch, site):
    assert not search_database(site.environment.database_url, [SECRET]).found
    assert not search(site.var, [SECRET]).found


def test_what_is_complete_is_handed_in_with_one_affirmation(desk, site):
    lines = marked(export(), f"{WORD}few").splitlines(keepends=True)
    key = brought(desk, "few.csv", b"".join([lines[0], *(lines[number] for number in FEW)]))
    site.until(lambda: is_ready(site, key), 60, "the small table was worked through")
    desk.goto(f"/proposals/batches/{key}/submit/")
    Keyboard(desk).press(SUBMIT)
    assert "Affirm this" in said(desk)
    Keyboard(desk).tick("affirmed")
    Keyboard(desk).press(SUBMIT)
    assert f"{len(FEW)} proposals were submitted." in said(desk)
    assert counted(site, key) == {"waiting": 0, "submitted": len(FEW)}
    withdrawn(desk, site, key)


def withdrawn(page: Page, site, key: str) -> None:
    """Take them back: reviewers of other journeys must not be asked about them."""
    for (proposal,) in site.rows("SELECT proposal_id FROM catalog_row WHERE batch_id = %s", key):
        assert posted(page, f"/proposals/{proposal}/withdraw/", reason="Only a rehearsal.") == 302
    assert site.rows(ENDED, key) == [("withdrawn",)]


def test_a_draft_holds_what_a_croissant_file_says_and_still_asks_for_the_tier(desk):
    started(desk, "croissant.json")
    draft = desk.url.partition("/edit/")[0]
    desk.goto(f"{draft}/edit/about/")
    assert desk.input_value("[name=title_en]") == "Letters of the delta"
    desk.goto(f"{draft}/edit/rights/")
    assert desk.input_value("[name=licence]") == "CC-BY-4.0"


def test_a_draft_holds_what_a_dataset_card_says_and_still_asks_for_the_tier(desk):
    started(desk, "card.md")
    draft = desk.url.partition("/edit/")[0]
    desk.goto(f"{draft}/edit/rights/")
    assert desk.input_value("[name=licence]") == "CC-BY-SA-4.0"


def started(page: Page, name: str) -> None:
    """Paste a description, look at what was read, and start a draft with it."""
    page.goto("/proposals/from/")
    Keyboard(page).write("text", (DESCRIPTIONS / name).read_text("utf-8"))
    Keyboard(page).press(SUBMIT)
    assert "Letters of the delta" in page.locator("h1").inner_text()
    assert "Nothing is saved yet." in said(page)
    Keyboard(page).press("button[name=take]")
    assert page.url.endswith("/edit/tier/")
    assert "First of all: how far may the data go?" in page.locator("body").inner_text()
    assert page.locator("[name=tier]:checked").count() == 0
