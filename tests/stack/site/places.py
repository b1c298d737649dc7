"""Who reads the site, and which of its rows stand for all of their kind."""

from functools import cached_property
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests.stack.running import Running
from tests.training.imports.folders import write_model

STEWARD, MAINTAINER = "rosa@andes.example", "minh@mekong.example"
OWN_MAINTAINER, SECOND_MAINTAINER = "ines@andes.example", "lukas@danube.example"
RESEARCHER = "olena@danube.example"
MOVER = "moussa@sahel.example"  # opened the motion that is being voted on
PRIVATE_OWNER = "awa@sahel.example"
PROPOSER, COMMUNITY = "jana@danube.example", "saywa@andes.example"  # of the proposal under review


class Readers:
    """Browser contexts of signed-in people; each signs in once, by the form, and keeps the cookies."""

    def __init__(self, browser: Browser, site: Running, sessions: dict[str, Any]) -> None:
        self.browser, self.site, self.sessions = browser, site, sessions

    def context(
        self, reader: str = "", *, width: int = 1280, theme: str = "light", language: str = "", **more: Any
    ) -> BrowserContext:
        """Return a window of ``width`` CSS pixels for a person (by address), or for nobody."""
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            storage_state=self._session(reader) if reader else None,
            reduced_motion="reduce",
            **more,
        )
        if language:
            context.add_cookies([{"name": "django_language", "value": language, "url": self.site.url}])
        return context

    def _session(self, reader: str) -> Any:
        if reader not in self.sessions:
            context = self.browser.new_context(base_url=self.site.url)
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("[name=login]", reader)
            page.fill("[name=password]", self.site.password)
            page.press("[name=password]", "Enter")
            page.wait_for_url("/")
            self.sessions[reader] = context.storage_state()
            context.close()
        return self.sessions[reader]


class Places:
    """Rows by which the paths of `tests.stack.site.routes` are filled."""

    member = "andes-open-library"
    dataset = "udhr-official-languages"
    own_dataset = "udhr-cusco-quechua"

    def __init__(self, site: Running, readers: Readers) -> None:
        self._site, self._readers = site, readers

    def __getitem__(self, name: str) -> str:
        """One place by name, for ``str.format_map``."""
        return str(getattr(self, name))

    @cached_property
    def round(self) -> int:
        return int(self._one("SELECT id FROM training_round WHERE number = 1"))

    @cached_property
    def job(self) -> str:
        return self._one(
            "SELECT id FROM training_job WHERE kind = 'contributed-cpt' ORDER BY created_at LIMIT 1"
        )

    @cached_property
    def node(self) -> str:
        """A node of the steward's member."""
        return self._one(
            "SELECT n.slug FROM training_node n JOIN catalog_member m ON m.id = n.member_id"
            " WHERE m.slug = 'andes-open-library' AND n.state = 'active' ORDER BY n.id LIMIT 1"
        )

    @cached_property
    def contribution(self) -> str:
        return self._one("SELECT digest FROM training_contribution ORDER BY received_at LIMIT 1")

    @cached_property
    def first_base(self) -> str:
        return self._one("SELECT digest FROM training_checkpoint WHERE number = 0")

    @cached_property
    def checkpoint(self) -> str:
        return self._one("SELECT digest FROM training_checkpoint WHERE number = 1 AND standing = 'base'")

    @cached_property
    def model(self) -> str:
        """A tiny model that the operator imported from a folder."""
        known = self._site.rows("SELECT digest FROM training_importedmodel LIMIT 1")
        if not known:
            folder = write_model(self._site.var / "scratch" / "tiny-model")
            self._site.manage("import_model", str(folder), "--name", "Tiny import")
        return self._one("SELECT digest FROM training_importedmodel LIMIT 1")

    @cached_property
    def derivative(self) -> str:
        """A new model of the steward's member, made from the newest base."""
        context = self._readers.context(STEWARD)
        page = context.new_page()
        page.goto(f"/derivatives/register/?base={self.checkpoint}")
        page.check("[name=tier][value=train-only]")
        page.check("[name=stages][value=sft]")
        for name, text in (("name", "Qillqa"), ("intended_use", "Letters."), ("caveats", "Many.")):
            page.fill(f"[name={name}]", text)
        page.fill("[name=commitments]", "ab" * 32)
        page.check("[name=affirmed]")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/derivatives/qillqa-*/")
        slug = page.url.split("/")[-2]
        context.close()
        return slug

    @cached_property
    def series(self) -> str:
        """A series of the first family: made once, whichever tests come first."""
        if self._site.rows("SELECT 1 FROM training_modelseries WHERE slug = 'weavers'"):
            return "weavers"
        context = self._readers.context(MAINTAINER)
        page = context.new_page()
        page.goto("/series/new/")
        page.fill("[name=name]", "Weavers")
        page.fill("[name=slug]", "weavers")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/series/weavers/")
        context.close()
        return "weavers"

    @cached_property
    def rollback(self) -> str:
        """A proposal of the maintainer's to take that contribution out; a family has one at a time."""
        if proposed := self._site.rows("SELECT id FROM training_rollback WHERE state = 'proposed'"):
            return str(proposed[0][0])
        context = self._readers.context(MAINTAINER)
        page = context.new_page()
        page.goto(f"/rollbacks/propose/?contribution={self.contribution}")
        page.check("[name=reason_code][value=consent-withdrawn]")
        page.fill("[name=grounds]", "Its community took its consent back.")
        page.check("[name=confirmed]")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/rollbacks/*-*/")
        key = page.url.split("/")[-2]
        context.close()
        return key

    @cached_property
    def motion(self) -> str:
        return self._one("SELECT id FROM catalog_motion WHERE kind = 'setting' AND state = 'open'")

    @cached_property
    def accepted(self) -> str:
        return self._one("SELECT id FROM catalog_proposal WHERE slug = 'udhr-cusco-quechua'")

    @cached_property
    def reviewed(self) -> str:
        """The proposal that the demonstration leaves under review; the maintainer is asked to speak on it."""
        return self._one("SELECT id FROM catalog_proposal WHERE slug = 'danube-parliamentary-questions'")

    @cached_property
    def talk(self) -> str:
        return self._one(
            "SELECT t.id FROM catalog_thread t JOIN catalog_proposal p ON p.id = t.proposal_id"
            " WHERE p.slug = 'danube-parliamentary-questions' ORDER BY t.created_at LIMIT 1"
        )

    @cached_property
    def assignment(self) -> str:
        """What the maintainer is asked to do about it."""
        return self._one(
            "SELECT a.id FROM catalog_assignment a JOIN catalog_user u ON u.id = a.reviewer_id"
            " JOIN catalog_proposal p ON p.id = a.proposal_id AND p.slug = 'danube-parliamentary-questions'"
            " WHERE a.state = 'open' AND u.email LIKE 'minh@%%' LIMIT 1"
        )

    @cached_property
    def private(self) -> str:
        return self._one("SELECT slug FROM catalog_dataset WHERE tier = 'private' ORDER BY id LIMIT 1")

    @cached_property
    def draft(self) -> str:
        """A draft of the steward's: one that is there, or a new one."""
        found = self._site.rows(
            "SELECT p.id FROM catalog_proposal p JOIN catalog_member m ON m.id = p.member_id"
            " WHERE p.state = 'draft' AND p.record ->> 'tier' IS DISTINCT FROM 'private' AND m.slug = %s",
            self.member,
        )
        return str(found[0][0]) if found else self.new_draft(STEWARD)

    @cached_property
    def sealed_draft(self) -> str:
        """A new draft of private data, not sealed yet."""
        key = self.new_draft(STEWARD)
        context = self._readers.context(STEWARD)
        page = context.new_page()
        page.goto(f"/proposals/{key}/edit/tier/")
        page.check("[name=tier][value=private]")
        page.click("main .actions button")
        page.wait_for_url("**/edit/seal/")
        context.close()
        return key

    @cached_property
    def access_request(self) -> str:
        """A request of the researcher's member for an entry of the steward's; one that waits."""
        found = self._site.rows(
            "SELECT r.id FROM catalog_accessrequest r JOIN catalog_dataset d ON d.id = r.dataset_id"
            " WHERE r.state = 'submitted' AND d.slug = %s",
            self.own_dataset,
        )
        return str(found[0][0]) if found else self._new_request(RESEARCHER, "A model for nurses")

    @cached_property
    def granted_request(self) -> str:
        """A new request of the maintainer's member for the same entry, which the steward granted."""
        key = self._new_request(MAINTAINER, "A model for midwives")
        context = self._readers.context(STEWARD)
        page = context.new_page()
        page.goto(f"/access/{key}/")
        page.check("[name=answer][value=grant]")
        page.click("main form button[type=submit]")
        page.wait_for_load_state("networkidle")
        context.close()
        return key

    @cached_property
    def batch(self) -> str:
        """A new table of the steward's: one row is a draft, another has to be repaired."""
        context = self._readers.context(STEWARD)
        page = context.new_page()
        page.goto("/proposals/batches/new/")
        page.fill("[name=text]", "title_en,URL\nSongs of the valley,https://a.example/s\nTales,nowhere\n")
        page.click("main button[type=submit]")
        page.wait_for_url("**/columns/")
        page.click("main .actions button")
        page.wait_for_selector("#batch-progress a, #faults")
        key = page.url.split("/")[-2]
        context.close()
        return key

    def _new_request(self, reader: str, project: str) -> str:
        context = self._readers.context(reader)
        page = context.new_page()
        page.goto(f"/datasets/{self.own_dataset}/access/")
        page.fill("[name=project]", project)
        page.fill("[name=scope]", "Fine-tuning in two runs, on the owner's node.")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/access/*-*/")
        key = page.url.split("/")[-2]
        context.close()
        return key

    def new_draft(self, steward: str) -> str:
        """Press the button that starts a draft, and return its id."""
        context = self._readers.context(steward)
        page = context.new_page()
        page.goto("/proposals/new/")
        page.click("main button[type=submit]")
        page.wait_for_url("**/edit/tier/")
        key = page.url.split("/")[-4]
        context.close()
        return key

    def _one(self, query: str) -> str:
        return str(self._site.rows(query)[0][0])
