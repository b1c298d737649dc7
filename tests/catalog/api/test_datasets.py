import pytest
from django.core import signing
from django.utils import timezone

from catalog.datasets.models import Dataset
from tests.catalog.api.entries import (
    add_version,
    index_all,
    make_entry,
    make_member,
    make_person,
    make_record,
)

LIST = "/api/v1/datasets/"
PUBLIC = {"open-songs", "train-only-songs", "local-only-songs"}


def slugs(answer):
    return {row["slug"] for row in answer.json()["results"]}


def counts(answer, name):
    return {item["value"]: item["count"] for item in answer.json()["facets"][name]}


def test_a_list_has_what_the_contract_says(client, four_tiers):
    answer = client.get(LIST, {"q": "songs", "tier": "open"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"results", "next", "count", "facets"}
    (row,) = answer.json()["results"]
    assert (row["slug"], row["title"], row["tier"], row["member"]) == (
        "open-songs",
        "Songs of open-songs",
        "open",
        "loom",
    )
    assert row["url"].endswith("/datasets/open-songs/")


def test_texts_come_in_the_readers_language_where_there_are_some(client, four_tiers):
    row = client.get(LIST, {"tier": "open"}, headers={"accept-language": "fr"}).json()["results"][0]
    assert (row["summary"], row["title"]) == ("Chants de tisserands", "Songs of open-songs")


def test_inv_6_neither_rows_nor_count_nor_facets_show_a_private_entry_to_outsiders(client, four_tiers):
    answer = client.get(LIST)
    assert (slugs(answer), answer.json()["count"]) == (PUBLIC, 3)
    assert counts(answer, "tier") == {"open": 1, "train-only": 1, "local-only": 1}
    assert client.get(LIST, {"tier": "private"}).json()["count"] == 0


def test_inv_6_its_member_sees_it(insider):
    answer = insider.get(LIST)
    assert slugs(answer) == PUBLIC | {"private-songs"}
    assert counts(answer, "tier")["private"] == 1


def test_inv_6_another_members_people_do_not(client, four_tiers):
    client.force_login(make_person(make_member("mill")), backend="django.contrib.auth.backends.ModelBackend")
    assert slugs(client.get(LIST)) == PUBLIC


def test_details_of_a_summarised_entry_are_found_by_the_consortium_alone(client, four_tiers):
    assert slugs(client.get(LIST, {"q": "parish"})) == {"open-songs"}
    client.force_login(make_person(make_member("mill")), backend="django.contrib.auth.backends.ModelBackend")
    assert slugs(client.get(LIST, {"q": "parish"})) == PUBLIC


def test_filters_are_normalised_and_repeatable(client, four_tiers):
    assert client.get(LIST, {"language": ["PT-br", "ja"]}).json()["count"] == 3
    assert client.get(LIST, {"language": "pt", "license": "cc-by-4.0"}).json()["count"] == 3
    assert client.get(LIST, {"theme": "HEAL"}).json()["count"] == 0


def test_an_empty_parameter_asks_for_nothing_in_particular(client, four_tiers):
    address = f"{LIST}?q=&tier=&language=&license=&theme=&member=&artifact_type=&modality=&cursor="
    assert client.get(address).json()["count"] == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tier", "secret"),
        ("language", "not a language"),
        ("license", "WTFPL OR NOT"),
        ("theme", "LOVE"),
        ("member", "a b"),
        ("artifact_type", "x"),
        ("modality", "smell"),
        ("page_size", "0"),
        ("page_size", "many"),
        ("cursor", "forged"),
        pytest.param("cursor", signing.dumps([20, "x"], salt="another"), id="cursor-of-another"),
        ("q", "\x00"),
        ("q", "a" * 1001),
    ],
)
def test_a_bad_parameter_is_a_problem_that_names_it(client, four_tiers, name, value):
    answer = client.get(LIST, {name: value})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "invalid"
    assert name in {field.partition(".")[0] for field in answer.json()["fields"]}


@pytest.mark.parametrize("text", ["title:[", '"', "AND", "人権", "🧵", "%00", "' OR 1=1 --"])
def test_any_words_are_answered(client, four_tiers, text):
    assert client.get(LIST, {"q": text}).status_code == 200


def test_pages_follow_the_cursor_to_the_end(client, own_places, db):
    [make_entry(f"e{number:02}") for number in range(7)]
    index_all()
    seen, address = [], f"{LIST}?page_size=3&language=vi"
    while address:
        page = client.get(address).json()
        seen += [row["slug"] for row in page["results"]]
        address = page["next"]
    assert sorted(seen) == [f"e{number:02}" for number in range(7)]


def test_a_cursor_is_bound_to_its_question(client, own_places, db):
    [make_entry(f"e{number}") for number in range(3)]
    index_all()
    address = client.get(f"{LIST}?page_size=1&language=vi").json()["next"]
    answer = client.get(address.replace("language=vi", "language=pt"))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["cursor"])


@pytest.mark.usefixtures("known_terms")
def test_a_page_costs_the_same_queries_however_long_it_is(client, own_places, django_assert_num_queries):
    [make_entry(f"e{number:02}") for number in range(10)]
    index_all()
    with django_assert_num_queries(2):  # the entries, and what their stewards say of them
        client.get(LIST, {"page_size": 100})
    [make_entry(f"f{number:02}") for number in range(50)]
    index_all()
    with django_assert_num_queries(2):  # the entries, and what their stewards say of them
        assert len(client.get(LIST, {"page_size": 100}).json()["results"]) == 60


def test_a_withdrawn_entry_is_no_longer_listed(client, four_tiers):
    Dataset.objects.filter(slug="open-songs").update(state="withdrawn", withdrawn_at=timezone.now())
    assert slugs(client.get(LIST)) == PUBLIC - {"open-songs"}


def test_a_broken_index_is_a_problem_and_no_crash(client, four_tiers, own_places, monkeypatch):
    asked = []
    monkeypatch.setattr("catalog.search.tasks.mend_index.delay", lambda: asked.append(1))
    for meta in (own_places / "search").rglob("meta.json"):
        meta.write_text("{")
    answer = client.get(LIST)
    assert (answer.status_code, answer["Content-Type"], asked) == (503, "application/problem+json", [1])


def test_an_entry_is_read_with_its_record_and_manifest(client, four_tiers):
    body = client.get(f"{LIST}open-songs/").json()
    assert body["newest"]["record"]["contact"]["name"] == "Ada"
    assert body["newest"]["files"][0]["download_url"].endswith("/versions/1/files/texts/vi%20songs.txt")
    assert [version["number"] for version in body["versions"]] == [1]


def test_outsiders_read_no_details_and_no_manifest_of_a_train_only_entry(client, four_tiers):
    newest = client.get(f"{LIST}train-only-songs/").json()["newest"]
    assert newest["files"] == []
    assert not {"description", "contact", "origin", "consent", "residency"} & set(newest["record"])


def test_the_manifest_of_a_local_only_entry_is_shown_without_a_way_to_the_bytes(client, four_tiers):
    (file,) = client.get(f"{LIST}local-only-songs/versions/1/").json()["files"]
    assert (len(file["sha256"]), file["download_url"]) == (64, None)


@pytest.mark.parametrize("rest", ["", "versions/1/", "versions/1/files/texts/vi%20songs.txt"])
def test_inv_6_hidden_and_missing_entries_answer_alike(client, four_tiers, rest):
    hidden, missing = client.get(f"{LIST}private-songs/{rest}"), client.get(f"{LIST}never-was/{rest}")
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
    assert hidden.status_code == 404


def test_inv_6_an_entry_that_became_open_does_not_show_its_private_past(client, own_places, db):
    entry = make_entry("late", "private")
    add_version(entry, make_record("late", "open"), number=2)
    Dataset.objects.filter(pk=entry.pk).update(tier="open", audience="public")
    assert [version["number"] for version in client.get(f"{LIST}late/").json()["versions"]] == [2]
    assert client.get(f"{LIST}late/versions/1/").status_code == 404


@pytest.mark.parametrize("number", ["2", "99999999999999999999999999"])
def test_a_version_that_never_was_is_not_found(client, four_tiers, number):
    assert client.get(f"{LIST}open-songs/versions/{number}/").status_code == 404
