"""A large file through the browser while the web processes die: what arrived stays, and the hash is right."""

import hashlib
import random

import pytest

from tests.stack.site.places import STEWARD

pytestmark = pytest.mark.endurance

MIB = 2**20
CONTENT = random.Random(7).randbytes(40 * MIB)
ENDS = 180_000  # ms
# Slow enough that the middle of the file can be met.
LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 6 * MIB}


@pytest.fixture
def files_step(places, visit):
    """Open the files step of a new open draft as its steward; the server may be away for a while."""

    def opened(**options):
        draft = places.new_draft(STEWARD)
        page = visit(f"/proposals/{draft}/edit/tier/", STEWARD, **options)
        page.check("[name=tier][value=open]")
        page.click("main form .actions button[name=later]")
        page.goto(f"/proposals/{draft}/edit/files/")
        slow = page.context.new_cdp_session(page)
        slow.send("Network.enable")
        slow.send("Network.emulateNetworkConditions", LINE)
        return draft, page

    return opened


def send(page, folder):
    file = folder / "delta.bin"
    if not file.exists():  # written anew it would be another file: browsers tell files by their time too
        file.write_bytes(CONTENT)
    page.set_input_files("[name=file]", file)
    page.click("main form[enctype] .actions button")


def received(site, draft):
    found = site.rows("SELECT received FROM catalog_upload WHERE proposal_id = %s", draft)
    return found[0][0] if found else 0


def attached(site, draft):
    (files,) = site.rows("SELECT files FROM catalog_proposal WHERE id = %s", draft)[0]
    return [file["sha256"] for file in files]


def test_a_file_survives_the_death_of_the_web_processes(files_step, site, tmp_path, watcher):
    draft, page = files_step()
    send(page, tmp_path)
    site.until(lambda: 8 * MIB <= received(site, draft) < 30 * MIB, 60, "the upload is on its way")
    site.kill_part("web", whole=True)
    page.get_by_role("button", name="Detach delta.bin").wait_for(timeout=ENDS)
    assert attached(site, draft) == [hashlib.sha256(CONTENT).hexdigest()]
    watcher.complaints.clear()  # the browser rightly said that the server was away


def test_a_reload_continues_where_the_file_stopped(files_step, site, tmp_path):
    draft, page = files_step()
    send(page, tmp_path)
    site.until(lambda: received(site, draft) >= 8 * MIB, 60, "the upload is on its way")
    page.get_by_role("button", name="Pause delta.bin").click()
    page.get_by_text("paused", exact=True).wait_for()
    before = received(site, draft)
    page.reload()
    send(page, tmp_path)
    page.get_by_role("button", name="Detach delta.bin").wait_for(timeout=ENDS)
    assert before < len(CONTENT)
    assert site.rows("SELECT count(*) FROM catalog_upload WHERE proposal_id = %s", draft) == [(1,)]
    assert attached(site, draft) == [hashlib.sha256(CONTENT).hexdigest()]


def test_a_cancelled_file_leaves_nothing(files_step, site, tmp_path):
    draft, page = files_step()
    send(page, tmp_path)
    site.until(lambda: received(site, draft), 60, "the upload is on its way")
    page.get_by_role("button", name="Cancel delta.bin").click()
    page.locator("[data-name]", has_text="delta.bin").wait_for(state="detached")
    gone = "SELECT id FROM catalog_upload WHERE proposal_id = %s"
    site.until(lambda: not site.rows(gone, draft), 20, "the upload is forgotten")
    assert attached(site, draft) == []


def test_without_scripts_the_form_takes_the_same_file(places, visit, site, tmp_path):
    draft = places.new_draft(STEWARD)
    page = visit(f"/proposals/{draft}/edit/tier/", STEWARD, java_script_enabled=False)
    page.check("[name=tier][value=open]")
    page.click("main form .actions button[name=later]")
    page.goto(f"/proposals/{draft}/edit/files/")
    send(page, tmp_path)
    page.get_by_role("button", name="Detach delta.bin").wait_for(timeout=ENDS)
    assert attached(site, draft) == [hashlib.sha256(CONTENT).hexdigest()]
