"""A proposal that was handed in, its two stewards, and maintainers of two other members."""

from dataclasses import dataclass

import pytest

from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from catalog.notifications.models import Notification
from catalog.notifications.reading import notifications_of
from catalog.notifications.wording import Told, tell_each
from catalog.proposals.models import Proposal
from catalog.proposals.states import AcceptedFor
from catalog.review.models import Review, Verdict
from catalog.review.services import review_proposal
from provenance.actors import Actor
from tests.factories import make_member, make_person, make_submitted


@dataclass(frozen=True)
class Scene:
    member: Member
    proposal: Proposal
    author: User
    colleague: User
    reviewers: tuple[User, User]
    outsider: User

    def review(self, reviewer: User, verdict: Verdict, **more: object) -> Review:
        accepted = {"accepted_for": AcceptedFor.TRAINING} if verdict == Verdict.APPROVE else {}
        words = {
            "actor": actor_of(reviewer),
            "proposal": self.proposal,
            "verdict": verdict,
            "note": "Because.",
        }
        return review_proposal(**{**words, **accepted, **more})

    def send_back(self) -> Review:
        return self.review(self.reviewers[0], Verdict.REQUEST_CHANGES)


def told(person: User | Actor) -> list[Told]:
    """What somebody is told, the oldest first."""
    reader = person if isinstance(person, Actor) else actor_of(person)
    return tell_each(
        reader, notifications_of(reader).select_related("event").order_by("created_at", "event_id")
    )


def actions(person: User) -> list[str]:
    rows = Notification.objects.filter(recipient=person).order_by("event_id")
    return list(rows.values_list("event__action", flat=True))


@pytest.fixture
def scene(db: None, settings, tmp_path) -> Scene:
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()
    member = make_member("weavers")
    author = make_person(member, Role.STEWARD)
    reviewers = tuple(make_person(make_member(slug), Role.MAINTAINER) for slug in ("north", "south"))
    outsider = make_person(make_member("elsewhere"), Role.RESEARCHER)
    colleague = make_person(member, Role.STEWARD)
    proposal = make_submitted(member=member, actor=actor_of(author), title={"en": "Spun wool"})[1]
    Notification.objects.all().delete()  # what the tests are about comes after
    return Scene(member, proposal, author, colleague, reviewers, outsider)
