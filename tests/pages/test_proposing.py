"""From an empty form to the review, as a steward's browser does it."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.members.models import Role
from catalog.proposals.models import Proposal
from tests.factories import TEXT, make_member, make_person, pointer
from tests.pages.proposing import ABOUT, COVERAGE, begin

PEOPLE = {"contact_name": "An", "contact_email": "an@example.org", "creators": "An | https://orcid.org/1"}
RIGHTS = {
    "licence": "cc-by-4.0",
    "rights_commercial_use": "unknown",
    "rights_model_training": "yes",
    "rights_redistribution": "yes",
    "rights_attribution": "no",
    "permitted_stages": ["cpt", "evaluation"],
}
RESIDENCY = {
    "residency_boundary": "The archive",
    "residency_storage": "vn",
    "residency_processing": "VN KH",
    "residency_raw_may_leave": "no",
    "residency_derived_may_leave": "no",
    "residency_updates_may_leave": "yes",
}
STEPS = {
    "about": ABOUT,
    "people": PEOPLE,
    "coverage": COVERAGE,
    "rights": RIGHTS,
    "residency": RESIDENCY,
    "provenance": {"origin": "Letters."},
    "privacy": {"personal_data": "none", "screening_pii": "absent"},
    "quality": {"quality_score": "92"},
    "extent": {"size_tokens": "40", "size_tokenizer": "words"},
}


@pytest.fixture
def steward(db: None, stores: None) -> Client:
    browser = Client()
    browser.force_login(make_person(make_member("archive"), Role.STEWARD))
    return browser


def fill(browser: Client, draft: Proposal, step: str, answers: dict[str, object]):
    draft.refresh_from_db()
    path = f"{draft.get_absolute_url()}edit/{step}/"
    return browser.post(path, {**answers, "revision": draft.revision})


def fill_all(browser: Client, draft: Proposal, tier: str = "open") -> None:
    for step, answers in {"tier": {"tier": tier}, **STEPS}.items():
        answer = fill(browser, draft, step, answers)
        assert answer.status_code == 302, (step, answer.context["form"].errors)
    draft.refresh_from_db()


def test_a_steward_comes_from_nothing_to_a_submitted_open_proposal(steward: Client):
    draft = begin(steward)
    fill_all(steward, draft)
    files = f"{draft.get_absolute_url()}edit/files/"
    steward.post(files, {"file": SimpleUploadedFile("letters.txt", TEXT, "text/plain"), "language": "vi"})
    fill(steward, draft, "check", {"affirmed": "on"})
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert draft.slug == "letters-of-the-delta"
    assert draft.record["title"] == {"en": "Letters of the delta", "vi": "Thư của đồng bằng"}
    assert draft.record["languages"] == ["vi", "en"]
    assert draft.record["shares"] == {"vi": 0.6, "en": 0.4}
    assert draft.record["licence"] == "CC-BY-4.0"
    assert draft.record["rights"]["commercial_use"] == "unknown"
    assert draft.record["residency"]["storage"] == ["VN"]
    assert draft.files[0]["records"] == 2


def test_inv_1_a_local_only_draft_takes_a_manifest_and_drops_bytes_unread(steward: Client, tmp_path):
    draft = begin(steward)
    fill_all(steward, draft, tier="local-only")
    files = f"{draft.get_absolute_url()}edit/files/"
    refused = steward.post(files, {"file": SimpleUploadedFile("secret.txt", TEXT), "language": "vi"})
    assert refused.status_code == 422
    assert "The coordinator takes no byte" in refused.content.decode()
    assert not refused.wsgi_request.FILES
    assert not list((tmp_path / "blobs").rglob("*.txt"))
    steward.post(files, {"manifest": json.dumps([pointer("letters/vi.txt")])})
    fill(steward, draft, "check", {"affirmed": "on"})
    draft.refresh_from_db()
    assert (draft.state, draft.files[0]["storage"]) == ("submitted", "pointer")


def test_the_tier_is_the_first_question(steward: Client):
    answer = steward.post("/proposals/new/", {"member": "archive"})
    assert answer["Location"].endswith("/edit/tier/")


def test_private_data_are_sealed_and_never_described(steward: Client):
    draft = begin(steward)
    answer = fill(steward, draft, "tier", {"tier": "private"})
    assert answer["Location"].endswith("/edit/seal/")
    refused = fill(steward, draft, "about", ABOUT)
    assert refused["Location"].endswith("/edit/seal/")
    assert "nothing of that was saved" in steward.get(refused["Location"]).content.decode()
    draft.refresh_from_db()
    assert draft.record == {"tier": "private", "affirmed": False}
    assert steward.get(f"{draft.get_absolute_url()}edit/files/").status_code == 302


@pytest.mark.parametrize(
    ("step", "wrong", "message"),
    [
        ("coverage", {"shares": "vi sixty"}, "“sixty” is not a percentage."),
        ("coverage", {"shares": "vi"}, "Write a language tag and a percentage for “vi”"),
        ("coverage", {"regions": "VN, 999"}, "is not one of"),
        ("provenance", {"sources": "laws | first"}, "“first” is not the number of a version."),
        ("people", {"creators": "An | nowhere | else | much"}, "has more than 2 parts."),
        ("quality", {"quality_score": "101"}, "“101” is not between 0 and 100."),
    ],
)
def test_what_can_not_be_read_is_told_at_its_field_and_kept(steward: Client, step, wrong, message):
    draft = begin(steward)
    answer = fill(steward, draft, step, {**STEPS[step], **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert next(iter(wrong.values())) in page


def test_a_language_is_added_and_its_empty_fields_appear(steward: Client):
    draft = begin(steward)
    answer = fill(steward, draft, "about", {**ABOUT, "add_language": "AR"})
    page = steward.get(answer["Location"].partition("#")[0]).content.decode()
    assert 'name="title_ar"' in page
    assert re.search(r'name="title_ar"[^>]*dir="rtl"', page)


def test_who_does_not_tell_what_was_shown_overwrites_nobody(steward: Client):
    draft = begin(steward)
    fill(steward, draft, "coverage", {**COVERAGE, "represents": "First"})
    late = {**COVERAGE, "represents": "Second", "revision": 1}
    answer = steward.post(f"{draft.get_absolute_url()}edit/coverage/", late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "First" in page
    assert 'value="Second"' in page
    draft.refresh_from_db()
    assert draft.record["represents"] == "First"


def test_a_wrong_answer_is_named_at_its_field_and_kept(steward: Client):
    draft = begin(steward)
    answer = fill(steward, draft, "rights", {**RIGHTS, "licence": "do what you like"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_licence"' in page
    assert 'value="do what you like"' in page


def test_an_incomplete_draft_is_told_what_is_missing(steward: Client):
    draft = begin(steward)
    answer = fill(steward, draft, "check", {"affirmed": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Still missing: tier." in page
    assert "Untitled draft" in page
    assert draft.slug not in page
    assert "answers are missing before it can be submitted" in page
    assert f"{draft.get_absolute_url()}edit/tier/" in page


@pytest.mark.parametrize("step", ["residency", "files"])
def test_what_the_tier_decides_is_asked_after_it(steward: Client, step):
    draft = begin(steward)
    page = steward.get(f"{draft.get_absolute_url()}edit/{step}/").content.decode()
    assert "Choose a tier first" in page
    assert 'type="submit" class="button"' not in page


def test_a_tier_does_not_change_under_attached_files(steward: Client):
    draft = begin(steward)
    fill_all(steward, draft)
    steward.post(f"{draft.get_absolute_url()}edit/files/", {"file": SimpleUploadedFile("a.txt", TEXT)})
    answer = fill(steward, draft, "tier", {"tier": "local-only"})
    assert answer.status_code == 422
    assert "Detach the files" in answer.content.decode()


def test_a_file_is_detached(steward: Client):
    draft = begin(steward)
    fill_all(steward, draft)
    files = f"{draft.get_absolute_url()}edit/files/"
    steward.post(files, {"file": SimpleUploadedFile("a.txt", TEXT)})
    steward.post(files, {"detach": "a.txt"})
    draft.refresh_from_db()
    assert draft.files == []


def test_withdrawing_asks_once_more_and_keeps_the_story(steward: Client):
    draft = begin(steward)
    path = f"{draft.get_absolute_url()}withdraw/"
    assert steward.post(path, {"reason": ""}).status_code == 422
    page = steward.post(path, {"reason": "Sent by mistake"}, follow=True).content.decode()
    assert "Proposal withdrawn" in page


def test_the_next_version_starts_from_the_newest(house):
    browser = house.client("steward")
    answer = browser.post("/proposals/new/?dataset=entry-open", {"member": "archive"})
    draft = Proposal.objects.get(pk=answer["Location"].split("/")[2])
    assert draft.dataset == house.entries["open"]
    assert draft.files[0]["path"] == "vi.txt"


def test_four_answers_name_the_tier_that_keeps_them_and_its_button_takes_it(steward: Client):
    draft = begin(steward)
    asked = {"known": "yes", "copied": "no", "downloaded": "no", "learnt": "yes"}
    page = steward.get(f"{draft.get_absolute_url()}edit/tier/questions/", asked)
    assert "This is Local-only, because copies may not leave your own machines." in page.content.decode()
    taken = {"tier": page.context["tier"], "base": page.context["base"], "revision": draft.revision}
    assert steward.post(page.context["tier_url"], taken).status_code == 302
    draft.refresh_from_db()
    assert draft.record == {"tier": "local-only"}


def test_a_question_without_an_answer_is_asked_again(steward: Client):
    draft = begin(steward)
    answer = steward.get(f"{draft.get_absolute_url()}edit/tier/questions/", {"known": "yes"})
    assert answer.status_code == 422
    assert "Take this tier" not in answer.content.decode()


def test_the_answers_that_could_be_read_are_saved_beside_one_that_could_not(steward: Client):
    draft = begin(steward)
    fill(steward, draft, "coverage", {**COVERAGE, "shares": "vi sixty"})
    draft.refresh_from_db()
    assert (draft.record["represents"], draft.record["shares"]) == (COVERAGE["represents"], "vi sixty")


def test_what_nobody_has_to_answer_stands_folded_on_the_check_page(steward: Client):
    draft = begin(steward)
    page = steward.get(f"{draft.get_absolute_url()}edit/check/").content.decode()
    assert "7 optional questions without an answer" in page
    assert page.count("Not answered") < 20


def test_lines_end_alike_however_they_came(steward: Client):
    draft = begin(steward)
    fill(steward, draft, "provenance", {"origin": "One\r\ntwo"})
    draft.refresh_from_db()
    assert draft.record["origin"] == "One\ntwo"
