"""Personal tokens: made by a person who has just shown who they are, told once, good for the API alone."""

import logging
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog.members.actors import actor_of
from catalog.members.models import Role, User
from catalog.pages.tokens import views
from catalog.tokens.models import PersonalToken
from catalog.tokens.services import LONGEST_LIFE, MOST, make_token, revoke_token
from provenance.errors import Conflict, Invalid, NotFound
from provenance.events.models import Event
from tests.factories import make_actor, make_person

pytestmark = pytest.mark.django_db
LIST, NEW = "/accounts/tokens/", "/accounts/tokens/new/"
API = "/api/v1/proposals/"
TOKEN = re.compile(r"tap_[0-9a-f]{64}")


@pytest.fixture(autouse=True)
def fresh_pace():
    cache.clear()


@pytest.fixture
def person() -> User:
    return make_person("archive", Role.STEWARD)


@pytest.fixture
def browser(person) -> Client:
    """The browser of somebody who has just given their password."""
    client = Client()
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": "a good password"})
    return client


def bearing(token: str, word: str = "Token") -> dict[str, str]:
    return {"Authorization": f"{word} {token}"}


def made(browser) -> str:
    answer = browser.post(NEW, {"name": "nightly import", "days": 30})
    assert answer.status_code == 201
    return TOKEN.search(answer.content.decode())[0]


def test_a_token_is_shown_once_and_opens_the_api(browser, person):
    token = made(browser)
    assert Client().get(API, headers=bearing(token)).status_code == 200
    listed = browser.get(LIST).content.decode()
    assert ("nightly import" in listed, TOKEN.search(listed)) == (True, None)
    assert PersonalToken.objects.get().used_on == timezone.localdate()


def test_the_answer_with_the_token_is_kept_by_no_cache(browser):
    answer = browser.post(NEW, {"name": "nightly import", "days": 30})
    assert "no-store" in answer["Cache-Control"]


def test_who_has_not_just_shown_who_they_are_is_asked_first(person):
    client = Client()
    client.force_login(person)
    for method in (client.get, client.post):
        answer = method(NEW)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not PersonalToken.objects.exists()


@pytest.mark.parametrize("path", [LIST, NEW])
def test_nobody_else_sees_the_pages(path):
    assert Client().get(path)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("body", [{}, {"name": "x"}, {"name": "", "days": 5}, {"name": "x", "days": 400}])
def test_what_is_wrong_is_said_and_no_token_made(browser, body):
    assert browser.post(NEW, body).status_code == 422
    assert not PersonalToken.objects.exists()


def test_a_revoked_token_counts_for_nothing_at_once(browser):
    token = made(browser)
    path = f"{LIST}{PersonalToken.objects.get().key}/revoke/"
    assert browser.get(path).status_code == 200
    assert PersonalToken.objects.exists()
    assert browser.post(path)["Location"] == LIST
    refused = Client().get(API, headers=bearing(token))
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Token")
    assert refused.json()["code"] == "not-authenticated"


def test_nobody_revokes_the_token_of_another(browser):
    token = make_token(actor=make_actor("elsewhere"), name="theirs", days=1)[0]
    assert browser.post(f"{LIST}{token.key}/revoke/").status_code == 404
    with pytest.raises(NotFound):
        revoke_token(actor=make_actor("archive"), token=token)


def test_an_expired_token_counts_for_nothing_and_is_still_listed(browser):
    token = made(browser)
    PersonalToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert Client().get(API, headers=bearing(token)).status_code == 401
    assert "Ran out" in browser.get(LIST).content.decode()


def test_a_closed_account_has_no_token(browser, person):
    token = made(browser)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().get(API, headers=bearing(token)).status_code == 401


@pytest.mark.parametrize("token", ["", "tap_", "tap_" + "0" * 64, "é" * 68, "\x00", "tap_" + "0" * 64 + " x"])
def test_what_is_no_token_is_refused_and_never_an_error(token):
    for path in (API, "/api/v1/datasets/"):
        assert Client().get(path, headers=bearing(token)).status_code == 401


def test_it_is_kept_as_a_hash_alone(browser):
    token = made(browser)
    row = PersonalToken.objects.values().get()
    assert token not in map(str, row.values())
    assert len(row["digest"]) == 128


def test_a_token_opens_no_page_and_no_address_of_nodes(browser):
    headers = bearing(made(browser))
    for path in ("/proposals/", LIST, "/access/"):
        assert Client().get(path, headers=headers)["Location"].startswith("/accounts/login/")
    for path in ("/api/v1/node/self", "/api/v1/node/jobs"):
        assert Client().get(path, headers=headers).status_code == 401


def test_a_token_needs_no_form_token_and_a_session_still_does(browser, person):
    body, kind = {"member": "archive"}, "application/json"
    client = Client(enforce_csrf_checks=True)
    assert client.post(API, body, kind, headers=bearing(made(browser))).status_code == 201
    client.force_login(person)
    assert client.post(API, body, kind).status_code == 403


def test_tokens_stand_in_no_log(browser, caplog):
    with caplog.at_level(logging.DEBUG):
        token = made(browser)
        Client().get(API, headers=bearing(token))
        Client().get(API, headers=bearing(token[:-1] + "g"))
        Client().get(f"{API}nowhere/", headers=bearing(token))
    assert token[:20] not in caplog.text
    events = Event.objects.filter(action__startswith="token.")
    assert [(each.action, each.audience) for each in events] == [("token.made", "member:archive")]
    assert token[:15] not in str(events.values())
    assert "nightly" not in str(events.values())


def test_the_log_tells_the_member_that_one_was_made_and_revoked(browser):
    made(browser)
    browser.post(f"{LIST}{PersonalToken.objects.get().key}/revoke/")
    told = browser.get("/log/?action=token").content.decode()
    assert "Personal token made" in told
    assert "Personal token revoked" in told
    assert "Personal token" not in Client().get("/log/?action=token").content.decode()


def test_there_is_an_end_to_how_many_one_has(person):
    actor = actor_of(person)
    for number in range(MOST):
        make_token(actor=actor, name=f"{number}", days=LONGEST_LIFE)
    with pytest.raises(Conflict) as refused:
        make_token(actor=actor, name="one more", days=1)
    assert refused.value.code == "too-many-tokens"


@pytest.mark.parametrize(("name", "days", "code"), [("", 1, "name-missing"), ("x", 0, "life-out-of-range")])
def test_the_service_refuses_what_is_wrong(person, name, days, code):
    with pytest.raises(Invalid) as refused:
        make_token(actor=actor_of(person), name=name, days=days)
    assert refused.value.code == code


def test_the_page_says_so_and_keeps_what_was_typed(browser, person):
    for number in range(MOST):
        make_token(actor=actor_of(person), name=f"{number}", days=1)
    answer = browser.post(NEW, {"name": "one more", "days": 1})
    assert answer.status_code == 422
    assert "one more" in answer.content.decode()


def test_tokens_are_not_made_without_pause(browser, monkeypatch):
    monkeypatch.setattr(views.Pace, "rate", "1/hour", raising=False)
    made(browser)
    assert browser.post(NEW, {"name": "one more", "days": 1}).status_code == 429
    assert PersonalToken.objects.count() == 1
