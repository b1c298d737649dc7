import json
import uuid

import pytest

from catalog.pages.proposals.steps import STEPS as ALL_STEPS
from catalog.proposals.services import save_draft
from tests.factories import make_draft, make_member
from tests.pages.conftest import House
from tests.pages.maximal import MAXIMAL

LONG = "x" * 20_000
STEPS = tuple(step.slug for step in ALL_STEPS)
NESTED = (
    "contact",
    "rights",
    "residency",
    "temporal",
    "collection",
    "processing",
    "quality",
    "size",
    "synthetic",
)
QUERIES = [
    f"/datasets/?q={'a' * 5000}",
    "/datasets/?q=%00%ff&tier=%00",
    "/datasets/?page=0&tier=nonsense&language=&member=../../etc",
    "/datasets/?page=99999999999999999999999",
    "/datasets/?page=-1&page=two",
    "/datasets/?q=(((AND+OR+*%22",
    "/datasets/?" + "&".join(f"theme=T{number}" for number in range(300)),
    "/datasets/entry-open/?depth=1e9",
    "/datasets/entry-open/versions/99999999999999999999/",
    "/datasets/%00/",
    "/log/?after=not-a-uuid&action=%00&outcome=?&subject=" + "s" * 3000,
    f"/log/?after={uuid.uuid4()}",
    "/members/%F0%9F%A7%B5/",
    "/proposals/not-a-uuid/",
    f"/proposals/{uuid.uuid4()}/edit/about/",
    "/proposals/new/?dataset=%00",
]
MANIFESTS = [
    "",
    "[",
    "{}",
    "[]",
    "[1]",
    '"text"',
    "null",
    "[" * 5000,
    "[1e999]",
    json.dumps([{"path": "../up", "sha256": "short", "bytes": -1, "extra": []}]),
    json.dumps([{"path": "a\x00b", "sha256": "0" * 64, "bytes": 1}]),
    json.dumps([{"path": "a", "sha256": "0" * 64, "bytes": 10**40}]),
    json.dumps([{"path": "a", "storage": "blob"}]),
    json.dumps([{1: 2}] * 3),
]


@pytest.mark.parametrize("who", ["anonymous", "steward"])
def test_strange_addresses_are_never_our_fault(house: House, who: str):
    browser = house.client(who)
    assert {path: status for path in QUERIES if (status := browser.get(path).status_code) >= 500} == {}


@pytest.mark.parametrize("step", [*STEPS, "nonsense"])
def test_strange_answers_are_never_our_fault(house: House, step: str):
    browser, path = house.client("steward"), f"{house.draft.get_absolute_url()}edit/{step}/"
    page = browser.get(path)
    names = list(page.context["form"].fields) if page.context and "form" in page.context else ["x"]
    for value in (LONG, "\x00", "💥", "-1", "{}", ""):
        answers = {**dict.fromkeys(names, value), "revision": house.draft.revision, "text_languages": value}
        assert browser.post(path, answers).status_code < 500
        assert browser.post(path, {**answers, "revision": "10" * 30}).status_code < 500


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_broken_manifest_is_explained(house: House, manifest: str):
    browser = house.client("steward")
    house.draft.__class__.objects.filter(pk=house.draft.pk).update(
        files=[], record={**house.draft.record, "tier": "local-only"}
    )
    answer = browser.post(f"{house.draft.get_absolute_url()}edit/files/", {"manifest": manifest})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


@pytest.mark.parametrize("value", [5, "text", ["list"], {"en": 5}, {"x": {"y": []}}, None, True])
def test_a_draft_that_an_api_filled_with_anything_can_still_be_opened(house: House, value: object):
    browser, draft = house.client("steward"), house.draft
    record = dict.fromkeys(MAXIMAL, value)
    type(draft).objects.filter(pk=draft.pk).update(record=record)
    page = draft.get_absolute_url()
    for path in ("/proposals/", page, *(f"{page}edit/{step}/" for step in STEPS)):
        assert browser.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "value", [5, 1.5, "text", ["list"], [{"dataset": [], "version": {}}], {"vi": "much"}]
)
def test_a_draft_with_nonsense_inside_its_parts_can_still_be_opened(house: House, value: object):
    actor, draft = make_draft(member=make_member("archive"))
    record = {name: value if name != "tier" else "open" for name in MAXIMAL}
    record |= {name: dict.fromkeys([*MAXIMAL[name], "period", "strange"], value) for name in NESTED}
    draft = save_draft(actor=actor, proposal=draft, record=record, expected_revision=draft.revision)
    browser, page = house.client("steward"), draft.get_absolute_url()
    for path in (page, *(f"{page}edit/{step}/" for step in STEPS)):
        assert browser.get(path).status_code == 200, path
