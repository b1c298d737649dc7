"""`/feeds/reviews/<key>.atom` and `/feeds/notifications/<key>.atom`: for feed readers, which can not sign in.

The key in the address is one person's secret; a wrong one is a 404, as any address that does not exist.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from rest_framework.throttling import AnonRateThrottle

from catalog.interchange.addresses import absolute
from catalog.members.actors import actor_of
from catalog.notifications.correspondence import language_of
from catalog.notifications.models import Correspondence
from catalog.notifications.reading import notifications_of
from catalog.notifications.waiting import reviews_for
from catalog.notifications.wording import tell_each
from catalog.pages.naming import actor_of_event, names_for
from catalog.pages.stories import words_of_action
from provenance.actors import Actor
from provenance.errors import TooManyRequests
from provenance.events.models import Event

NEWEST: Final = 50
# Moves that reviewers follow; saves and files of drafts are the proposer's affair.
MOVES: Final = tuple(
    f"proposal.{verb}"
    for verb in (
        *("submitted", "taken-up", "reviewed", "changes-requested"),
        *("accepted", "rejected", "blocked", "withdrawn"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed. ``identity`` is an IRI that stays its own for ever."""

    identity: str
    title: str
    about: str
    path: str
    at: datetime


class PersonalFeed(Feed):  # type: ignore[type-arg]  # generic for the type checker only
    """What both feeds share: whose it is, and how an item reads (RFC 4287)."""

    feed_type = Atom1Feed
    author_name = settings.SITE_NAME
    page: ClassVar[str]

    def get_object(self, request: HttpRequest, kept: Correspondence) -> Correspondence:  # noqa: ARG002 - Django's
        """Return whose feed it is, as the view found them."""
        return kept

    def link(self) -> str:
        """Return the page of the same news, which is the feed's identity as well."""
        return absolute(reverse(self.page))

    def feed_url(self) -> str:
        """Return the same: the feed's own address is a secret, and stands in no document."""
        return self.link()

    def item_title(self, item: Item) -> str:
        """Return what happened, and to what."""
        return f"{item.title} · {item.about}"

    def item_description(self, item: Item) -> str:
        """Return what it is about."""
        return item.about

    def item_link(self, item: Item) -> str:
        """Return the page, which needs signing in."""
        return absolute(item.path)

    def item_guid(self, item: Item) -> str:
        """Return an identity that is not the page's, as one page has many news."""
        return item.identity

    def item_updateddate(self, item: Item) -> datetime:
        """Return when it happened."""
        return item.at


class ReviewsFeed(PersonalFeed):
    """What waits for a reviewer, then the newest moves of proposals that they may know of."""

    title = gettext_lazy("Tapestry Catalog: reviews")
    page = "proposals"

    def items(self, kept: Correspondence) -> list[Item]:
        """Return both, with a bounded number of queries."""
        reader = actor_of(kept.user)
        asked = [
            Item(
                identity=f"{absolute(one.path)}#review-{one.since:%Y%m%dT%H%M%S}",
                title=one.sentence,
                about=one.about,
                path=one.path,
                at=one.since,
            )
            for one in reviews_for(reader)
        ]
        return asked + _moves(reader)


class NotificationsFeed(PersonalFeed):
    """What a person was told."""

    title = gettext_lazy("Tapestry Catalog: notifications")
    page = "notifications"

    def items(self, kept: Correspondence) -> list[Item]:
        """Return the newest, read or not."""
        reader = actor_of(kept.user)
        rows = notifications_of(reader).select_related("event").order_by("-created_at", "-pk")[:NEWEST]
        return [
            Item(identity=one.key.urn, title=one.sentence, about=one.about, path=one.path, at=one.at)
            for one in tell_each(reader, rows)
        ]


@require_safe
def reviews_feed(request: HttpRequest, feed_key: str) -> HttpResponse:
    """`/feeds/reviews/<key>.atom`."""
    return _answer(request, feed_key, ReviewsFeed())


@require_safe
def notifications_feed(request: HttpRequest, feed_key: str) -> HttpResponse:
    """`/feeds/notifications/<key>.atom`."""
    return _answer(request, feed_key, NotificationsFeed())


def _answer(request: HttpRequest, feed_key: str, feed: PersonalFeed) -> HttpResponse:
    """Write the feed in its owner's language, for nobody's cache or index.

    Raises:
        TooManyRequests: more often from one address than the rate ``anon`` of ``DEFAULT_THROTTLE_RATES``.
        Http404: it is nobody's key.
    """
    # It reads the user and the address alone, which Django's request has as well.
    if not AnonRateThrottle().allow_request(request, None):  # type: ignore[arg-type]
        raise TooManyRequests("The feed was read often just now.", remedy="Read it again in a minute.")
    people = Correspondence.objects.exclude(feed_key="").filter(user__is_active=True).select_related("user")
    kept = get_object_or_404(people, feed_key=feed_key)
    with translation.override(language_of(kept)):
        response: HttpResponse = feed(request, kept=kept)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _moves(reader: Actor) -> list[Item]:
    events = list(Event.objects.visible_to(reader.audiences).filter(action__in=MOVES)[:NEWEST])
    names = names_for(reader, events)
    return [
        Item(
            identity=event.uuid.urn,
            title=_("%(what)s (%(who)s)")
            % {"what": words_of_action(event.action), "who": actor_of_event(event, names)},
            about=names[event.subject].text,
            path=names[event.subject].url,
            at=event.time,
        )
        for event in events
        if event.subject in names
    ]
