"""The pages of votes: everybody reads them, maintainers vote on them, the operator changes nothing there."""

import pytest
from django.test import Client

from catalog.governance.models import Ballot, Motion, MotionKind
from catalog.governance.reading import rule
from catalog.governance.services import move
from catalog.members.actors import actor_of
from catalog.members.models import Role, User
from provenance.events.models import Event
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db
VOTE = {"choice": "yes", "note": "We are many now."}
CHANGE = {"value": "3", "reason": "More of us read now."}


@pytest.fixture
def people() -> list[User]:
    make_person("silent", Role.RESEARCHER)
    return [make_person(make_member(f"member-{n}"), Role.MAINTAINER) for n in range(5)]


@pytest.fixture
def motion(people) -> Motion:
    change = {"key": "review.quorum", "value": 3}
    return move(
        actor=actor_of(people[0]), kind=MotionKind.SETTING, change=change, reason="More of us read now."
    )


def browser_of(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def operator() -> Client:
    return browser_of(
        User.objects.create_superuser("operator@example.org", "a good password", name="Operator")
    )


def post(person, motion, **changes):
    voice = {"member": person.memberships.get(role=Role.MAINTAINER).member.slug}
    return browser_of(person).post(motion.get_absolute_url(), {**VOTE, **voice, **changes})


def test_everybody_reads_the_rules_and_the_votes_without_names(motion, people):
    post(people[0], motion)
    for path in ("/governance/", motion.get_absolute_url()):
        text = Client().get(path).content.decode()
        assert "Members that must agree on a proposal" in text
        assert str(people[0]) not in text
    assert "We are many now." in text
    assert str(people[0]) in browser_of(people[1]).get(motion.get_absolute_url()).content.decode()


def test_a_maintainer_opens_a_motion_and_three_carry_it(people):
    voice = {"member": "member-0"}
    answer = browser_of(people[0]).post("/governance/motions/new/?key=review.quorum", {**CHANGE, **voice})
    motion = Motion.objects.get()
    assert answer["Location"] == motion.get_absolute_url()
    for person in people[:3]:
        assert post(person, motion).status_code == 302
    assert rule("review.quorum") == 3
    assert "3 members" in Client().get("/governance/").content.decode()


def test_a_rule_whose_values_have_words_is_asked_as_a_choice(people):
    path = "/governance/motions/new/?key=round.mode"
    form = browser_of(people[0]).get(path).content.decode()
    assert 'type="radio"' in form
    assert "Now: synchronous." in form
    sent = {"value": "1", "reason": "Our nodes are slow.", "member": "member-0"}
    answer = browser_of(people[0]).post(path, sent)
    assert "How rounds collect: asynchronous" in Client().get(answer["Location"]).content.decode()


def test_the_operator_changes_nothing_by_page_and_each_attempt_is_in_the_log(motion):
    browser = operator()
    tries = {
        "/governance/motions/new/?key=review.days": {"value": "3", "reason": "Faster."},
        motion.get_absolute_url(): VOTE,
        f"{motion.get_absolute_url()}withdraw/": {},
    }
    for path, sent in tries.items():
        assert browser.post(path, sent).status_code == 403
    assert Event.objects.filter(action="motion.refused", outcome="denied").count() == 3
    assert (Motion.objects.get().state, Ballot.objects.count(), rule("review.days")) == ("open", 0, 14)


def test_who_has_no_voice_is_shown_no_form(motion):
    text = operator().get(motion.get_absolute_url()).content.decode()
    assert "Cast the vote" not in text
    page = browser_of(make_person()).get("/governance/motions/new/?kind=role")
    assert page.status_code == 403
    assert "Choose a person" not in page.content.decode()


def test_a_stranger_is_asked_to_sign_in(motion):
    answer = Client().post(motion.get_absolute_url(), VOTE)
    assert answer["Location"].startswith("/accounts/login/")


def test_a_refused_change_keeps_what_was_entered(people):
    answer = browser_of(people[0]).post(
        "/governance/motions/new/?key=review.quorum", {**CHANGE, "member": "member-0", "value": "9"}
    )
    assert answer.status_code == 422
    assert "More of us read now." in answer.content.decode()


def test_a_second_vote_says_so_and_keeps_the_note(motion, people):
    post(people[0], motion)
    answer = post(people[0], motion, note="Once more.")
    assert answer.status_code in {409, 422}
    assert Ballot.objects.count() == 1


def test_the_mover_takes_it_back_after_being_asked(motion, people):
    browser, path = browser_of(people[0]), f"{motion.get_absolute_url()}withdraw/"
    assert "Take it back" in browser.get(path).content.decode()
    browser.post(path)
    motion.refresh_from_db()
    assert motion.state == "withdrawn"


def test_a_community_reviewer_and_a_new_member_are_moved_by_their_forms(people):
    browser, voice = browser_of(people[0]), {"member": "member-0", "reason": "Asked for by all."}
    elder = User.objects.get(memberships__member__slug="silent")
    assert "silent" in browser.get("/governance/motions/new/?kind=role").content.decode()
    said = {**voice, "person": f"community-{elder.pk}-silent"}
    assert browser.post("/governance/motions/new/?kind=role", said).status_code == 302
    said = {
        **voice,
        "name": "Lotus",
        "slug": "lotus",
        "region": "Asia",
        "country": "VN",
        "maintainer_name": "Lan",
        "maintainer_email": "lan@lotus.example",
    }
    answer = browser.post("/governance/motions/new/?kind=member", said)
    assert "lan@lotus.example" in browser.get(answer["Location"]).content.decode()
    assert "lan@lotus.example" not in Client().get(answer["Location"]).content.decode()


def test_the_page_of_rules_asks_the_database_as_often_with_many_motions_as_with_one(
    motion, people, django_assert_max_num_queries
):
    for key, value in (("review.days", 7), ("appeal.days", 7), ("motion.days", 7)):
        change = {"key": key, "value": value}
        move(actor=actor_of(people[1]), kind=MotionKind.SETTING, change=change, reason="Faster.")
    with django_assert_max_num_queries(9):
        Client().get("/governance/")
