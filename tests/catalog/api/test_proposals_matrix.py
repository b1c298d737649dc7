"""Who may do what at every address of a proposal: actor × verb, by status, and nothing leaks (INV-6).

Each cell is a status. 403: one may know of it and may not do this. 404: exactly what a missing one answers.
"""

import uuid

import pytest

from catalog.proposals.services import withdraw_proposal
from catalog.review.models import Assignment
from catalog.review.services import open_thread, review_proposal
from tests.catalog.api.proposals_scene import BASE, ROLES
from tests.factories import make_draft, make_submitted, pointer

STEWARDS = {"own steward", "token of own steward"}
OWN = {*STEWARDS, "own researcher", "own maintainer"}
JUDGES = {"maintainer", "token of maintainer"}
CONSORTIUM = {*OWN, *JUDGES, "other researcher", "other steward"}
ACTORS = {*CONSORTIUM, "stranger", "operator"}
READS = ("", "findings/", "files/", "reviews/", "assignments/", "threads/", "appeals/", "history/")


def let(actors, status):
    """The cells of those who may; everybody else is refused."""
    return dict.fromkeys(actors, status)


TALK = {*STEWARDS, "own maintainer", *JUDGES}
WORD = {"verdict": "approve", "accepted_for": "training", "note": "Good."}
# verb and path: body, and the statuses of those who are not answered 403
DRAFTED = {
    ("put", ""): ({"record": {"tier": "local-only"}}, let(STEWARDS, 200)),
    ("patch", ""): ({"record": {"origin": "Elsewhere"}}, let(STEWARDS, 200)),
    ("post", "submit/"): ({"affirmed": True}, let(STEWARDS, 200)),
    ("post", "withdraw/"): ({}, let(STEWARDS, 200)),
    ("post", "files/"): ({"files": [pointer("more.txt")]}, let(STEWARDS, 201)),
    ("delete", "files/vi.txt"): (None, let(STEWARDS, 204)),
    ("post", "seal/"): ({"envelope": {}}, let(STEWARDS, 422)),
}
HANDED_IN = {
    ("post", "withdraw/"): ({}, let(STEWARDS, 200)),
    ("post", "reviews/"): (WORD, let(JUDGES, 201)),
    ("post", "recusals/"): ({"reason": "Too close."}, {**let(JUDGES, 201), "own maintainer": 409}),
    ("post", "assignments/{assignment}/decline/"): ({"reason": "Away."}, let(JUDGES, 200)),
    ("post", "threads/"): ({"text": "Why?"}, let(TALK, 201)),
    ("post", "threads/{thread}/comments/"): ({"text": "So."}, let(TALK, 201)),
    ("patch", "threads/{thread}/"): ({"resolved": True}, let(TALK, 200)),
}
BLOCKED = {("post", "appeals/"): ({"grounds": "Read it again."}, let(STEWARDS, 201))}


def drafted(scene):
    return make_draft("local-only", member=scene.own, actor=scene.actor("own steward"))[1], {}


def handed_in(scene):
    proposal = make_submitted(member=scene.own, actor=scene.actor("own steward"))[1]
    asked = Assignment.objects.get(proposal=proposal, reviewer=scene.people["maintainer"])
    thread = open_thread(actor=scene.actor("own steward"), proposal=proposal, field="origin", text="So?")
    return proposal, {"assignment": asked.pk, "thread": thread.pk}


def blocked(scene):
    proposal, places = handed_in(scene)
    review_proposal(
        actor=scene.actor("maintainer"), proposal=proposal, verdict="block", ground="rights", note="No."
    )
    return proposal, places


STAGES = [
    pytest.param(drafted, DRAFTED, OWN, id="draft"),
    pytest.param(handed_in, HANDED_IN, CONSORTIUM, id="handed in"),
    pytest.param(blocked, BLOCKED, CONSORTIUM, id="blocked"),
]


@pytest.mark.parametrize(("make", "verbs", "knowing"), STAGES)
@pytest.mark.parametrize("actor", sorted(ACTORS))
def test_each_actor_may_exactly_what_the_table_says(scene, actor, make, verbs, knowing):
    caller, got = scene.caller(actor), {}
    for (method, path), (body, _may) in verbs.items():
        proposal, places = make(scene)
        got[method, path] = caller.send(method, f"{proposal.pk}/{path.format(**places)}", body, tag="*")
    refused = 403 if actor in {"stranger", *knowing} else 404
    expected = {verb: may.get(actor, refused) for verb, (_body, may) in verbs.items()}
    assert {verb: answer.status_code for verb, answer in got.items()} == expected


@pytest.mark.parametrize(("make", "_verbs", "knowing"), STAGES)
@pytest.mark.parametrize("actor", sorted(ACTORS))
def test_each_actor_reads_what_they_may_know_of(scene, actor, make, _verbs, knowing):
    caller, proposal = scene.caller(actor), make(scene)[0]
    status = 403 if actor == "stranger" else 200 if actor in knowing else 404
    assert {path: caller.get(f"{proposal.pk}/{path}").status_code for path in READS} == let(READS, status)


@pytest.mark.parametrize("actor", ["other steward", "token of maintainer", "operator"])
def test_inv_6_hidden_and_missing_answer_alike_word_for_word(scene, actor):
    hidden = [
        make_draft("open", member=scene.own)[1],
        make_draft("private", member=scene.own)[1],
        withdraw_proposal(
            actor=scene.actor("own steward"), proposal=make_draft(member=scene.own)[1], reason="None."
        ),
    ]
    caller, nowhere = scene.caller(actor), uuid.uuid4()
    verbs = {**DRAFTED, **HANDED_IN, **BLOCKED, **{("get", path): () for path in READS}}
    places = {"assignment": 1, "thread": uuid.uuid4()}
    for method, path in verbs:
        for body in (None, {"record": 1}):
            missing = caller.send(method, f"{nowhere}/{path.format(**places)}", body)
            for one in hidden:
                answer = caller.send(method, f"{one.pk}/{path.format(**places)}", body)
                assert (answer.status_code, answer.content) == (404, missing.content), (method, path)
    assert caller.get().json()["results"] == []


@pytest.mark.parametrize("actor", sorted(ACTORS))
def test_only_stewards_start_and_only_for_their_member(scene, actor):
    status = 403 if actor not in STEWARDS else 201
    assert scene.caller(actor).post(body={"member": "own"}).status_code == status


def test_the_list_shows_each_what_they_may_know(scene):
    draft = make_draft(member=scene.own)[1]
    told = make_submitted(member=scene.own)[1]
    make_draft("private", member=scene.own)
    for actor in ACTORS - {"stranger"}:
        found = {each["id"] for each in scene.caller(actor).get().json()["results"]}
        known = {str(told.pk)} if actor in CONSORTIUM else set()
        assert found >= known, actor
        assert (str(draft.pk) in found, len(found) == 3) == (actor in OWN, actor in OWN), actor
    assert scene.caller("stranger").client.get(BASE).status_code == 403


def test_the_matrix_knows_everybody_in_the_scene(scene):
    assert {who.removeprefix("token of ") for who in ACTORS} == {*ROLES, "operator", "stranger"}
