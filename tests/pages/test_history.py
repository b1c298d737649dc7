"""The whole history of one proposal: as a story, as Markdown, and for machines."""

import json

import pytest

from catalog.members.actors import actor_of
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft, submit_proposal
from catalog.review.models import Verdict
from catalog.review.services import open_thread, reply, resolve, review_proposal
from provenance.events.models import Event
from provenance.signing.canonical import digest
from tests.factories import approve
from tests.pages.conftest import House


@pytest.fixture
def reviewed(house: House) -> Proposal:
    """Handed in, asked about, sent back, mended, answered and accepted."""
    steward, judge = (actor_of(house.people[who]) for who in ("steward", "maintainer"))
    proposal = house.submitted
    thread = open_thread(
        actor=judge, proposal=proposal, field="origin", text="A *public* one <b>where</b>?", requested=True
    )
    reply(actor=steward, thread=thread, text="In the archive of Huế.")
    review_proposal(
        actor=judge,
        proposal=proposal,
        verdict=Verdict.REQUEST_CHANGES,
        note="Say where.",
        reason_codes=["description-incomplete"],
    )
    proposal.refresh_from_db()
    record = {**proposal.record, "origin": "A public declaration, kept in Huế."}
    saved = save_draft(actor=steward, proposal=proposal, record=record, expected_revision=proposal.revision)
    resolve(actor=steward, thread=thread)
    submit_proposal(actor=steward, proposal=saved, answer="Now it says where.")
    proposal.refresh_from_db()
    approve(proposal)
    proposal.refresh_from_db()
    return proposal


def story(house: House, proposal: Proposal, who: str = "researcher", ending: str = "history/") -> str:
    answer = house.client(who).get(f"{proposal.get_absolute_url()}{ending}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_story_tells_everything_in_its_order(house: House, reviewed: Proposal):
    told = story(house, reviewed)
    parts = [
        "Handed in for review",
        "Talk begun</strong>: <bdi>Origin",
        "A *public* one &lt;b&gt;where&lt;/b&gt;?",
        "In the archive of Huế.",
        "Requests changes, for ",
        "Say where.",
        "leaves out what one needs to know",
        "Handed in again, number 2",
        "Now it says where.",
        ", kept in Huế",
        "Approves it for training, for ",
        "Proposal accepted",
    ]
    places = [told.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_drafts_are_told_to_their_member_alone(house: House, reviewed: Proposal):
    assert "Proposal started" in story(house, reviewed, "steward")
    assert "Proposal started" not in story(house, reviewed, "researcher")


def test_the_document_is_complete_and_can_be_checked(house: House, reviewed: Proposal):
    document = json.loads(story(house, reviewed, "steward", "history.json"))
    events = Event.objects.filter(subject=f"proposal:{reviewed.pk}")
    assert {each["digest"] for each in document["events"]} == set(events.values_list("digest", flat=True))
    assert all(digest(each["content"]) == each["digest"] for each in document["events"])
    assert [each["number"] for each in document["submissions"]] == [1, 2]
    assert document["submissions"][1]["answer"] == "Now it says where."
    assert [each["verdict"] for each in document["reviews"]] == ["request-changes", "approve", "approve"]
    assert [said["text"] for said in document["threads"][0]["comments"]][1] == "In the archive of Huế."
    assert document["people"][f"person:{house.people['maintainer'].pk}"] == house.people["maintainer"].name


def test_markdown_shows_what_people_wrote_and_lets_nothing_act(house: House, reviewed: Proposal):
    told = story(house, reviewed, ending="history.md")
    assert "> A \\*public\\* one &lt;b&gt;where&lt;/b&gt;?" in told
    assert "| Origin | A public declaration" in told
    assert "<ins>" in told


def test_both_files_are_kept_and_never_shown_in_place(house: House, reviewed: Proposal):
    for ending in ("history.json", "history.md"):
        answer = house.client("steward").get(f"{reviewed.get_absolute_url()}{ending}")
        assert answer["Content-Disposition"] == f'attachment; filename="{reviewed.slug}-{ending}"'
        assert answer["Cache-Control"] == "no-store"


def test_inv_6_a_hidden_history_looks_like_a_missing_one(house: House):
    for ending in ("history/", "history.json", "history.md"):
        address = f"{house.draft.get_absolute_url()}{ending}"
        assert house.client("maintainer").get(address).status_code == 404
        assert house.client("anonymous").get(address).status_code == 302
        assert house.client("steward").get(address).status_code == 200


def test_dm_17_of_a_withdrawn_entry_others_read_neither_record_nor_talk(house: House, reviewed: Proposal):
    house.client("steward").post(
        f"/datasets/{reviewed.dataset.slug}/withdraw/", {"reason": "Consent was taken back"}
    )
    for ending in ("history/", "history.json", "history.md"):
        assert "Huế" not in story(house, reviewed, "researcher", ending)
        assert "Huế" in story(house, reviewed, "steward", ending)


def test_what_changed_since_one_reviewed_it_stands_in_front(house: House):
    judge, steward = (actor_of(house.people[who]) for who in ("maintainer", "steward"))
    proposal = house.submitted
    review_proposal(actor=judge, proposal=proposal, verdict=Verdict.REQUEST_CHANGES, note="Shorter.")
    proposal.refresh_from_db()
    record = {**proposal.record, "origin": "An archive."}
    saved = save_draft(actor=steward, proposal=proposal, record=record, expected_revision=proposal.revision)
    submit_proposal(actor=steward, proposal=saved, answer="Much shorter.")
    page = house.client("maintainer").get(proposal.get_absolute_url()).content.decode()
    assert "What changed since you reviewed it" in page
    assert "Much shorter." in page
    other = house.client("researcher").get(f"{proposal.get_absolute_url()}?since=1").content.decode()
    assert "What changed since hand-in 1" in other
