"""The notifications on the site: list, marks, settings, feeds, and the end of letters."""

import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from rest_framework.throttling import AnonRateThrottle

from catalog.members.actors import actor_of
from catalog.notifications.correspondence import correspondence_of, unsubscribe_token
from catalog.notifications.models import Correspondence, Notification
from catalog.proposals.services import withdraw_proposal
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from provenance.actors import COORDINATOR
from provenance.events.services import record_event
from tests.pages.conftest import House

PAGE = "/notifications/"


@pytest.fixture
def news(house: House) -> House:
    """The maintainer sent the submitted proposal back, which concerns the steward."""
    maintainer = actor_of(house.people["maintainer"])
    review_proposal(actor=maintainer, proposal=house.submitted, verdict=Verdict.REQUEST_CHANGES, note="Why?")
    people = Notification.objects.filter(recipient=house.people["steward"])
    people.exclude(event__action="proposal.changes-requested").delete()
    return house


def only_one(house: House) -> Notification:
    return Notification.objects.get(recipient=house.people["steward"])


def test_the_list_says_what_happened_to_what_and_the_bell_how_many(news: House):
    text = news.client("steward").get(PAGE).content.decode()
    assert "The reviewers ask for changes" in text
    assert "Proposal: Spun wool" in text
    assert re.search(r"\b1 unread notification\b", text)


def test_following_marks_as_read_and_leads_to_the_subject(news: House):
    browser = news.client("steward")
    answer = browser.get(f"{PAGE}{only_one(news).pk}/")
    assert (answer.status_code, answer["Location"]) == (302, news.submitted.get_absolute_url())
    assert only_one(news).read_at is not None
    assert "unread notification" not in browser.get(PAGE).content.decode()


def test_inv_6_somebody_elses_notification_is_a_missing_one(news: House):
    browser = news.client("researcher")
    theirs = browser.get(f"{PAGE}{only_one(news).pk}/")
    assert theirs.status_code == 404
    browser.post(f"{PAGE}read/", {"key": only_one(news).pk})
    assert only_one(news).read_at is None


@pytest.mark.parametrize("data", [{}, {"until": "nonsense"}, {"until": "2026-99-99T00:00"}, {"key": "x"}])
def test_marks_take_any_input_without_falling_over(news: House, data):
    answer = news.client("steward").post(f"{PAGE}read/", data)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert (only_one(news).read_at is None) == ("key" in data)


def test_marking_all_leaves_what_came_after_the_list_was_read(news: House):
    seen = timezone.now()
    withdraw_proposal(actor=actor_of(news.people["steward"]), proposal=news.draft)
    Notification.objects.update(created_at=timezone.now())
    news.client("steward").post(f"{PAGE}read/", {"until": seen.isoformat()})
    assert only_one(news).read_at is None


def test_a_page_that_is_full_leads_to_the_next(news: House):
    one = only_one(news)
    for _number in range(30):
        with transaction.atomic():
            record_event(actor=COORDINATOR, action="proposal.blocked", subject=one.event.subject)
    browser = news.client("steward")
    first = browser.get(PAGE).content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    second = browser.get(PAGE + following[1]).content.decode()
    links = [set(re.findall(r'href="(/notifications/[0-9a-f-]{36}/)"', text)) for text in (first, second)]
    assert [len(each) for each in links] == [25, 6]
    assert not links[0] & links[1]


def test_nobody_signed_in_is_asked_to_sign_in():
    for path in (PAGE, f"{PAGE}settings/", f"{PAGE}settings/key/"):
        assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_settings_keep_language_and_pace(house: House):
    browser = house.client("steward")
    assert browser.post(f"{PAGE}settings/", {"pace": "daily", "language": "fr"}).status_code == 302
    kept = Correspondence.objects.get(user=house.people["steward"])
    assert (kept.pace, kept.language) == ("daily", "fr")
    assert browser.post(f"{PAGE}settings/", {"pace": "hourly", "language": "xx"}).status_code == 422


def test_a_new_key_is_asked_about_once_more_and_ends_the_old_address(house: House):
    browser = house.client("steward")
    old = correspondence_of(actor_of(house.people["steward"])).feed_key
    assert browser.get(f"{PAGE}settings/key/").status_code == 200
    assert browser.get(f"/feeds/reviews/{old}.atom").status_code == 200
    browser.post(f"{PAGE}settings/key/")
    assert browser.get(f"/feeds/reviews/{old}.atom").status_code == 404


def feed_of(house: House, who: str, kind: str = "reviews"):
    key = correspondence_of(actor_of(house.people[who])).feed_key
    return Client().get(f"/feeds/{kind}/{key}.atom")


def test_the_reviewers_feed_tells_how_proposals_move_and_stays_out_of_caches(news: House):
    answer = feed_of(news, "maintainer")
    text = answer.content.decode()
    assert "Spun wool" in text
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert correspondence_of(actor_of(news.people["maintainer"])).feed_key not in text


def test_inv_6_a_feed_tells_its_owner_nothing_of_others_drafts_or_private_entries(news: House):
    withdraw_proposal(actor=actor_of(news.people["steward"]), proposal=news.draft)
    told = feed_of(news, "maintainer").content.decode() + feed_of(news, "researcher").content.decode()
    assert "Unspun wool" not in told
    assert news.entries["private"].slug not in told


def test_a_feed_is_in_its_owners_language(news: House):
    Correspondence.objects.create(user=news.people["steward"], language="fr", feed_key="k")
    text = Client().get("/feeds/notifications/k.atom").content.decode()
    assert "modifications" in text
    assert 'xml:lang="fr"' in text


def test_a_wrong_key_is_a_missing_page_and_so_is_that_of_a_closed_account(house: House):
    assert feed_of(house, "steward").status_code == 200
    type(house.people["steward"]).objects.filter(pk=house.people["steward"].pk).update(is_active=False)
    assert feed_of(house, "steward").status_code == 404
    assert Client().get("/feeds/reviews/wrong.atom").status_code == 404


def test_guessing_keys_is_slowed_down(db, monkeypatch):
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})
    cache.clear()
    statuses = [Client().get("/feeds/reviews/wrong.atom").status_code for _ in range(3)]
    cache.clear()
    assert statuses == [404, 404, 429]


def test_one_click_ends_the_letters_without_signing_in(house: House):
    steward = house.people["steward"]
    address = f"{PAGE}unsubscribe/{unsubscribe_token(steward)}/"
    browser = Client(enforce_csrf_checks=True)
    assert steward.email not in browser.get(address).content.decode()
    assert correspondence_of(actor_of(steward)).pace == "at-once"
    assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert correspondence_of(actor_of(steward)).pace == "never"
    assert browser.post(f"{PAGE}unsubscribe/{steward.pk}:forged/").status_code == 404
