"""The review of a weight update: who may decide, what the others are told, and what is on record."""

import pytest

from catalog.members.models import Role
from tests.factories import make_person
from tests.training.api.signing_node import make_maintainer
from training.contributions.deciding import decide_contribution
from training.contributions.models import Decision, DecisionVerdict

pytestmark = pytest.mark.django_db


def page(browser, loom, reader):
    return browser(reader).get(loom.contribution.get_absolute_url()).content.decode()


def decide(client, loom, **said):
    address = f"{loom.contribution.get_absolute_url()}decide/"
    return client.post(address, {"verdict": "accept", "note": "Norms read.", **said})


def test_inv_7_ones_own_member_sees_the_recusal_in_place_of_the_panel(loom, browser):
    text = page(browser, loom, "own_maintainer")
    assert "You are recused" in text
    assert "Sign and record" not in text


def test_a_maintainer_of_another_member_sees_the_panel(loom, browser):
    assert "Sign and record" in page(browser, loom, "other_maintainer")


@pytest.mark.parametrize("reader", ["anonymous", "researcher"])
def test_the_others_are_told_who_decides(loom, browser, reader):
    text = page(browser, loom, reader)
    assert "Who decides" in text
    assert "Sign and record" not in text


def test_a_decision_is_recorded_with_its_note(loom, browser):
    client = browser("other_maintainer")
    assert decide(client, loom).status_code == 302
    text = client.get(loom.contribution.get_absolute_url()).content.decode()
    assert "Norms read." in text
    assert "Your member has spoken" in text
    assert "1 of 2 needed members have accepted" in text


def test_inv_7_a_forged_post_of_the_own_member_decides_nothing(loom, browser):
    response = decide(browser("own_maintainer"), loom)
    assert response.status_code == 422
    assert "so you can not decide" in response.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "said", [{"verdict": ""}, {"verdict": "\x00"}, {"verdict": "merge"}, {"note": "x" * 4001}]
)
def test_a_wrong_decision_is_told_and_not_recorded(loom, browser, said):
    response = decide(browser("other_maintainer"), loom, **said)
    assert response.status_code == 422
    assert "Nothing was lost" in response.content.decode()
    assert not Decision.objects.exists()


def test_who_speaks_for_several_members_says_for_which(loom, client):
    person = make_person("first", Role.MAINTAINER)
    second = make_person("second", Role.MAINTAINER).memberships.get().member
    person.memberships.create(member=second, role=Role.MAINTAINER)
    client.force_login(person)
    assert decide(client, loom).status_code == 422
    assert decide(client, loom, member="second").status_code == 302
    assert Decision.objects.get().member == second


def test_a_stranger_is_asked_to_sign_in(loom, client):
    assert "/accounts/login/" in decide(client, loom).url


def test_a_merged_contribution_says_so_and_asks_for_nothing(closed, browser):
    text = page(browser, closed, "other_maintainer")
    assert f"it is part of {closed.round.result.label}" in text
    assert "Merged into the next base" in text
    assert "Nothing to decide" not in text


def test_what_was_found_and_reported_stands_on_the_page(loom, browser):
    text = page(browser, loom, "anonymous")
    assert "No finding in" in text
    assert "5.50 → 3.25" in text
    assert "may decide" in text
    assert loom.contribution.weights_sha256 in text


def test_inv_7_who_is_against_it_is_asked_for_reasons_and_words_and_loses_nothing(loom, browser):
    client = browser("other_maintainer")
    response = decide(client, loom, verdict="quarantine", note="Far too long.")
    assert response.status_code == 422
    assert "Say for which of these reasons" in response.content.decode()
    assert "Far too long." in response.content.decode()
    said = {"verdict": "quarantine", "note": "Far too long.", "reason_codes": ["poisoning-suspected"]}
    assert decide(client, loom, **said).status_code == 302
    text = client.get(loom.contribution.get_absolute_url()).content.decode()
    assert "asks for quarantine" in text
    assert "poisoning-suspected" in text


def test_a_question_stands_on_the_page_until_it_is_answered(loom, browser):
    address = loom.contribution.get_absolute_url()
    asker, owner = browser("other_maintainer"), browser("own_maintainer")
    assert asker.post(f"{address}ask/", {"question": ""}).status_code == 422
    assert asker.post(f"{address}ask/", {"question": "Which learning rate?"}).status_code == 302
    assert "waits for its answer" in asker.get(address).content.decode()
    answer = f"{address}questions/{loom.contribution.requests.get().pk}/"
    assert asker.post(answer, {"answer": "A guess."}).status_code == 422
    assert owner.post(answer, {"answer": "One in a thousand."}).status_code == 302
    text = asker.get(address).content.decode()
    assert "One in a thousand." in text
    assert "waits for its answer" not in text


def test_the_evidence_says_who_measured_it_and_what_is_missing(loom, browser):
    text = page(browser, loom, "anonymous")
    assert "It is the only update in the candidate" in text
    assert "its own node" in text
    assert "whether the model gives its data away was not measured" in text
    assert "This is the first update of its member" in text
    assert "Members read them." in text


def test_an_appeal_is_made_and_judged_on_its_page(loom, browser):
    said = {"note": "No.", "reason_codes": ["other"]}
    for _ in range(2):
        decide_contribution(make_maintainer(), loom.contribution, DecisionVerdict.REJECT, **said)
    address = f"{loom.contribution.get_absolute_url()}appeal/"
    owner, judge = browser("own_maintainer"), browser("other_maintainer")
    assert "Appeal against the decision" in page(browser, loom, "own_maintainer")
    assert judge.post(address, {"grounds": "Mine."}).status_code == 422
    assert owner.post(address, {"grounds": "Read the figures again."}).status_code == 302
    assert judge.post(f"{address}voice/", {"upholds": "yes"}).status_code == 422
    assert judge.post(f"{address}voice/", {"upholds": "yes", "note": "Right."}).status_code == 302
    text = owner.get(address).content.decode()
    assert "Uphold it" in text
    assert "Take the appeal back" in text
