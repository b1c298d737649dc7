"""What a steward types for a local-only dataset, step by step."""

import json
import secrets
import subprocess
import sys
from typing import Final

from playwright.sync_api import Locator, Page

from tests.stack.program import ROOT
from tests.stack.running import Running
from tests.stack.site.keyboard import Keyboard

NODE: Final = "andes-cusco"
SAVE: Final = "main form .actions button:not([name])"
AFFIRM: Final = "main form .actions button"
MEMBER: Final = "andes-open-library"  # whose node describes the files
# As a maintainer of the member does it; no page offers it yet.
ENTER: Final = """
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from catalog.members.services import grant_role
member = Member.objects.get(slug={member!r})
host = User.objects.filter(memberships__member=member, memberships__role="maintainer").first()
user = User.objects.create_user({address!r}, {password!r}, name={name!r})
grant_role(actor=actor_of(host), user=user, member=member, role=Role.STEWARD)
"""


def new_steward(site: Running, name: str) -> str:
    """Let a person into the member who has never been here; return the address to sign in with."""
    address = f"{name.lower()}-{secrets.token_hex(3)}@andes.example"
    known = {"member": MEMBER, "address": address, "password": site.password, "name": name}
    site.manage("shell", "--no-imports", "-c", ENTER.format(**known))
    return address


def fill(page: Page, title: str, *, made_from: str = "") -> None:
    """Answer the steps of questions by keys alone, from "tier" to the door of "files"."""
    keys = Keyboard(page)
    keys.choose("tier", "local-only")
    keys.press(SAVE)
    describe(keys, title, made_from=made_from)


def describe(keys: Keyboard, title: str, *, made_from: str = "") -> None:
    """Answer the steps after "tier"."""
    _about(keys, title)
    _people(keys)
    _coverage(keys)
    _rights(keys)
    _residency(keys)
    _provenance(keys, made_from)
    _privacy(keys)
    for _optional in ("quality", "extent"):
        keys.press(SAVE)


def attach_and_submit(page: Page, manifest: str) -> None:
    """Paste the node's manifest, read the answers once more, and hand them in."""
    hand_in(Keyboard(page), manifest)


def hand_in(keys: Keyboard, manifest: str) -> None:
    """The same, by the keys of somebody who is at it already."""
    keys.write("manifest", manifest)
    keys.press(AFFIRM)
    keys.press("main .actions a.button")
    keys.tick("affirmed")
    keys.press(AFFIRM)


def found_by_search(page: Page, site: Running, word: str, slug: str) -> Locator:
    """The link that the search gives to the entry whose slug begins so, once a worker has indexed it."""
    link = page.locator(f"main a[href^='/datasets/{slug}']")

    def there() -> bool:
        page.goto(f"/datasets/?q={word}")
        return link.count() > 0

    site.until(there, 30, f"the search for {word} finds {slug}")
    return link.first


def described(site: Running, folder: str, text: str) -> str:
    """Put a text on the member's node and return what `tapestry-node describe` prints of it."""
    home = site.var / "nodes" / NODE
    data = home / "data" / folder
    data.mkdir(parents=True, exist_ok=True)
    (data / "qu.txt").write_text(text, "utf-8")
    command = [sys.executable, "-m", "training.node.cli", "--home", str(home), "describe", "--plain", folder]
    done = subprocess.run(
        command, cwd=ROOT, env=site.surroundings, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)
    return done.stdout


def _about(keys: Keyboard, title: str) -> None:
    keys.write("title_en", title)
    keys.write("summary_en", "Tales, one paragraph a line.")
    keys.write("description_en", "Told in Cusco, written down by their tellers.")
    keys.choose("artifact_type", "pre-training")
    keys.choose("modality", "text")
    keys.press(SAVE)


def _people(keys: Keyboard) -> None:
    keys.write("contact_name", "Rosa")
    keys.write("contact_email", "rosa@andes.example")
    keys.unfold("creators")
    keys.write("creators", "Rosa Quispe | https://orcid.org/0000-0002-1825-0097")
    keys.press(SAVE)


def _coverage(keys: Keyboard) -> None:
    keys.write("languages", "qu")
    keys.write("shares", "qu 100")
    keys.write("represents", "Tellers of Cusco")
    keys.tick("themes", "EDUC")
    keys.press(SAVE)


def _rights(keys: Keyboard) -> None:
    keys.write("licence", "CC-BY-4.0")
    for right in ("model_training", "commercial_use", "redistribution", "attribution"):
        keys.choose(f"rights_{right}", "yes")
    keys.tick("permitted_stages", "sft")  # rounds of other tests must not ask the node for it
    keys.press(SAVE)


def _residency(keys: Keyboard) -> None:
    keys.write("residency_boundary", "The library in Cusco")
    keys.write("residency_storage", "PE")
    keys.write("residency_processing", "PE")
    keys.choose("residency_raw_may_leave", "no")
    keys.choose("residency_derived_may_leave", "no")
    keys.choose("residency_updates_may_leave", "yes")
    keys.press(SAVE)


def _provenance(keys: Keyboard, made_from: str) -> None:
    keys.write("origin", "Recorded and written down in 2025.")
    if made_from:
        keys.unfold("sources")
        keys.write("sources", f"{made_from} | 1")
    keys.press(SAVE)


def _privacy(keys: Keyboard) -> None:
    keys.choose("personal_data", "none")
    keys.write("consent", "The tellers agreed that weights are shared.")
    keys.choose("screening_pii", "absent")
    keys.press(SAVE)
