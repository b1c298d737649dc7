import pytest

from catalog.members.models import User
from catalog.pages.proposals.steps import STEPS
from tests.pages.conftest import READERS, House

PUBLIC = ["/", "/datasets/", "/members/", "/members/archive/", "/log/", "/datasets/entry-open/"]
STATUSES = {
    # path: anonymous, researcher of another member, steward of the owner, maintainer of another member
    **dict.fromkeys(PUBLIC, (200, 200, 200, 200)),
    "/datasets/entry-train-only/": (200, 200, 200, 200),
    "/datasets/entry-local-only/versions/1/": (200, 200, 200, 200),
    "{private}": (404, 404, 200, 404),
    "{private}versions/1/": (404, 404, 200, 404),
    "{private}withdraw/": (302, 404, 200, 404),
    "/datasets/entry-open/withdraw/": (302, 403, 200, 403),
    "/datasets/entry-open/versions/7/": (404, 404, 404, 404),
    "/datasets/no-such-entry/": (404, 404, 404, 404),
    "/members/nobody/": (404, 404, 404, 404),
    "/proposals/": (302, 200, 200, 200),
    "/proposals/new/": (302, 403, 200, 403),
    "/proposals/new/?dataset=entry-open": (302, 403, 200, 403),
    "{draft}": (302, 404, 200, 404),
    "{draft}edit/": (302, 404, 302, 404),
    **{f"{{draft}}edit/{step}/": (302, 404, 200, 404) for step in (step.slug for step in STEPS)},
    "{draft}withdraw/": (302, 404, 200, 404),
    "{submitted}": (302, 200, 200, 200),
    "{submitted}edit/about/": (302, 403, 409, 403),
    "{submitted}edit/files/": (302, 403, 409, 403),
    "{submitted}withdraw/": (302, 403, 200, 403),
    "{submitted}threads/new/?field=title": (302, 403, 200, 200),
    "{submitted}assign/": (302, 403, 403, 200),
    "{submitted}recuse/": (302, 403, 403, 200),
    "{submitted}appeal/": (302, 200, 200, 200),
    "{submitted}appeal/withdraw/": (302, 403, 404, 403),
    **dict.fromkeys([f"{{submitted}}history{end}" for end in ("/", ".json", ".md")], (302, 200, 200, 200)),
    **dict.fromkeys([f"{{draft}}history{end}" for end in ("/", ".json", ".md")], (302, 404, 200, 404)),
    "{draft}threads/new/": (302, 404, 403, 404),
    "{draft}assign/": (302, 404, 403, 404),
    "{draft}recuse/": (302, 404, 403, 404),
    "{draft}appeal/": (302, 404, 200, 404),
}


@pytest.mark.parametrize("who", READERS)
def test_each_page_answers_each_reader_as_it_should(house: House, who: str):
    browser = house.client(who)
    places = {
        "private": house.entries["private"].get_absolute_url(),
        "draft": house.draft.get_absolute_url(),
        "submitted": house.submitted.get_absolute_url(),
    }
    wanted = {path: statuses[READERS.index(who)] for path, statuses in STATUSES.items()}
    assert {path: browser.get(path.format(**places)).status_code for path in STATUSES} == wanted


@pytest.mark.parametrize("who", ["anonymous", "researcher", "maintainer"])
def test_inv_6_no_page_names_a_private_entry_to_others(house: House, who: str):
    browser, private = house.client(who), house.entries["private"]
    pages = [path for path in STATUSES if "{" not in path]
    pages += [
        "/datasets/?q=private",
        "/datasets/?tier=private",
        "/datasets/?member=archive",
        "/log/?action=dataset",
    ]
    told = "".join(browser.get(path).content.decode() for path in pages)
    assert private.slug not in told
    assert "Cloth of private thread" not in told
    assert private.newest.digest not in told


def test_inv_6_a_hidden_entry_looks_exactly_like_a_missing_one(house: House):
    browser, slug = house.client("anonymous"), house.entries["private"].slug
    hidden = browser.get(f"/datasets/{slug}/").content.decode()
    missing = browser.get("/datasets/entry-nowhere-00000000/").content.decode()
    assert hidden.replace(slug, "") == missing.replace("entry-nowhere-00000000", "")


def test_the_consortium_reads_details_that_outsiders_do_not(house: House):
    page = "/datasets/entry-train-only/"
    outside, inside = (house.client(who).get(page).content.decode() for who in ("anonymous", "researcher"))
    assert "an@example.org" not in outside
    assert "vi.txt" not in outside
    assert "an@example.org" in inside
    assert "vi.txt" in inside


def test_only_open_files_have_a_download(house: House):
    for tier, entry in house.entries.items():
        page = house.client("steward").get(entry.get_absolute_url()).content.decode()
        assert ("/files/vi.txt" in page) is (tier == "open")


def test_the_pages_around_an_entry_lead_back_to_it(house: House):
    entry, steward = house.entries["open"], house.client("steward")
    for page in ("withdraw", "notices/new", "facts", "card"):
        told = steward.get(f"/datasets/{entry.slug}/{page}/").content.decode()
        way = told.partition('class="breadcrumb-list"')[2].partition("</ol>")[0]
        assert f'href="{entry.get_absolute_url()}"' in way, page


def test_names_of_people_are_for_the_consortium(house: House):
    name = house.people["steward"].name
    assert name not in house.client("anonymous").get("/members/archive/").content.decode()
    assert name in house.client("researcher").get("/members/archive/").content.decode()


def test_the_log_names_people_to_the_consortium_alone(house: House):
    told = {}
    for who in ("anonymous", "researcher"):
        pages = [house.client(who).get(path) for path in ("/log/", "/", "/datasets/entry-open/")]
        told[who] = "".join(page.content.decode() for page in pages)
    exported = b"".join(house.client("researcher").get("/log/export.jsonl").streaming_content).decode()
    names = set(User.objects.values_list("name", flat=True))
    assert [name for name in names if f">{name}<" in told["researcher"]]
    assert [name for name in names if name in told["anonymous"]] == []
    assert [name for name in names if f'"{name}"' in exported] == []
    assert "a person of " in told["anonymous"]


def test_a_machine_gets_the_same_entry_as_linked_data(house: House):
    answer = house.client("anonymous").get("/datasets/entry-open/", headers={"accept": "application/ld+json"})
    assert answer.json()["identifier"] == "entry-open"
    assert "Accept" in answer["Vary"]
