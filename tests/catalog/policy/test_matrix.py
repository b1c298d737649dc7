"""Actor × tier × operation, as a table that a person can check against FIELD.md §2."""

import pytest

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.policy import Facts, Operation, decide
from catalog.tiers import Purpose, Stage, Tier
from provenance.actors import ANONYMOUS, COORDINATOR, Actor, ActorKind
from tests.factories import make_dataset, make_member


def person(member, role):
    return Actor(ActorKind.PERSON, "person:1", "An", frozenset({(member, role)}), 1)


def node(member):
    return Actor(ActorKind.NODE, "did:key:z6Mk1", "loom", frozenset({(member, "node")}), 1)


ACTORS = {
    "anonymous": ANONYMOUS,
    "stranger": person("other", "maintainer"),
    "owner": person("owner", "researcher"),
    "other node": node("other"),
    "own node": node("owner"),
}
# Letters stand for the tiers that are allowed: Open, Train-only, Local-only, Private.
TABLE = {
    Operation.DISCOVER: ["OTL-", "OTL-", "OTLP", "OTL-", "OTLP"],
    Operation.READ_DETAILS: ["O---", "OTL-", "OTLP", "OTL-", "OTLP"],
    Operation.DOWNLOAD: ["O---", "O---", "O---", "O---", "O---"],
    Operation.SERVE_TO_NODE: ["----", "----", "----", "OT--", "OT--"],
    Operation.DISPATCH: ["----", "----", "----", "OT--", "OTL-"],
    Operation.DERIVE: ["OTL-", "OTL-", "OTLP", "OTL-", "OTLP"],
}
CELLS = [
    (operation, actor, tier, letter != "-")
    for operation, row in TABLE.items()
    for actor, cell in zip(ACTORS, row, strict=True)
    for tier, letter in zip(Tier, cell, strict=True)
]


def facts(tier, **changes):
    given = {"stages": frozenset({Stage.CPT}), "processing": frozenset({"VN"}), **changes}
    return Facts(digest="0" * 64, member="owner", tier=Tier(tier), **given)


def ask(operation, actor, about, **given):
    given = {"purpose": Purpose.CONTRIBUTED_CPT, "place": "VN", "output": Tier.PRIVATE, **given}
    return decide(actor=actor, operation=operation, version_or_facts=about, **given)


@pytest.mark.parametrize(("operation", "actor", "tier", "allowed"), CELLS)
def test_the_table_holds(operation, actor, tier, allowed):
    decision = ask(operation, ACTORS[actor], facts(tier))
    assert decision.allowed is allowed
    assert bool(decision.reason_codes) is not allowed


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("actor", ["anonymous", "stranger", "other node"])
def test_inv_6_a_refusal_about_hidden_data_has_one_reason_only(operation, actor):
    about = facts("private", withdrawn=True, stages=frozenset(), processing=frozenset())
    assert ask(operation, ACTORS[actor], about, place=None).reason_codes == ("not-discoverable",)


@pytest.mark.parametrize(
    ("code", "changes", "given"),
    [
        ("version-withdrawn", {"withdrawn": True}, {}),
        ("purpose-not-permitted", {"model_training": False}, {}),
        ("purpose-not-permitted", {}, {"purpose": None}),
        ("stage-not-permitted", {}, {"purpose": Purpose.EVALUATION}),
        ("updates-may-not-leave", {"updates_may_leave": False}, {}),
        ("outside-residency", {}, {"place": "FR"}),
        ("outside-residency", {}, {"place": None}),
        ("outside-residency", {"processing": frozenset()}, {}),
    ],
)
def test_each_rule_of_dispatch_has_its_code(code, changes, given):
    decision = ask(Operation.DISPATCH, ACTORS["own node"], facts("local-only", **changes), **given)
    assert decision.reason_codes == (code,)


def test_a_local_only_dispatch():
    about = facts("local-only")
    assert ask(Operation.DISPATCH, ACTORS["own node"], about).allowed
    assert ask(Operation.DISPATCH, ACTORS["other node"], about).reason_codes == ("not-owner-node",)


def test_an_allowed_open_data_request():
    assert ask(Operation.DOWNLOAD, ANONYMOUS, facts("open")).allowed


def test_a_denied_purpose_mismatch():
    about = facts("train-only", stages=frozenset({Stage.SFT}))
    assert ask(Operation.DISPATCH, ACTORS["own node"], about).reason_codes == ("stage-not-permitted",)


def test_inv_2_private_data_enter_the_owners_sovereign_build_and_nothing_else():
    about = facts("private", stages=frozenset(Stage))
    for purpose in Purpose:
        decision = ask(Operation.DISPATCH, ACTORS["own node"], about, purpose=purpose)
        assert decision.allowed is (purpose is Purpose.SOVEREIGN_BUILD)
        assert decision.allowed or decision.reason_codes == ("private-in-shared-work",)


def test_sovereign_builds_of_others_need_a_grant_for_train_only_data():
    given = {"purpose": Purpose.SOVEREIGN_BUILD}
    decision = ask(Operation.DISPATCH, ACTORS["other node"], facts("train-only"), **given)
    assert decision.reason_codes == ("grant-required",)
    assert ask(Operation.DISPATCH, ACTORS["other node"], facts("open"), **given).allowed


@pytest.mark.django_db
@pytest.mark.parametrize("tier", Tier)
def test_inv_6_the_queryset_and_the_policy_agree_on_who_discovers_what(tier):
    version = make_dataset(tier, member=make_member("owner")).newest
    for actor in [*ACTORS.values(), COORDINATOR]:
        allowed = decide(actor=actor, operation=Operation.DISCOVER, version_or_facts=version).allowed
        assert Dataset.objects.visible_to(actor).exists() is allowed
        assert DatasetVersion.objects.visible_to(actor).exists() is allowed
