"""Actor × tier × operation, as a table that a person can check against FIELD.md §2."""

import pytest

from catalog.policy import Operation
from catalog.tiers import Purpose, Stage, Tier
from provenance.actors import ANONYMOUS
from tests.catalog.policy.characters import ACTORS, ask, facts

# Letters stand for the tiers that are allowed: Open, Train-only, Local-only, Private.
TABLE = {
    #                        anonymous  stranger  owner  other node  own node
    Operation.DISCOVER: ["OTL-", "OTL-", "OTLP", "OTL-", "OTLP"],
    Operation.READ_DETAILS: ["O---", "OTL-", "OTLP", "OTL-", "OTLP"],
    Operation.READ_MANIFEST: ["O-L-", "OTL-", "OTLP", "OTL-", "OTLP"],
    Operation.READ_FACTS: ["O-L-", "OTL-", "OTLP", "OTL-", "OTLP"],
    Operation.PREVIEW: ["O---", "O---", "O---", "O---", "O---"],
    Operation.DOWNLOAD: ["O---", "O---", "O---", "O---", "O---"],
    Operation.REQUEST_ACCESS: ["----", "-TL-", "----", "----", "----"],
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


def put(operation, actor, about, **given):
    if operation is Operation.REQUEST_ACCESS:  # shared work needs no grant, so nobody asks for one
        given = {"purpose": Purpose.SOVEREIGN_BUILD, **given}
    return ask(operation, actor, about, **given)


@pytest.mark.parametrize(("operation", "actor", "tier", "allowed"), CELLS)
def test_the_table_holds(operation, actor, tier, allowed):
    decision = put(operation, ACTORS[actor], facts(tier))
    assert decision.allowed is allowed
    assert bool(decision.reason_codes) is not allowed


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("actor", ["anonymous", "stranger", "other node"])
def test_inv_6_a_refusal_about_hidden_data_has_one_reason_only(operation, actor):
    about = facts("private", withdrawn=True, stages=frozenset(), processing=frozenset())
    assert put(operation, ACTORS[actor], about, place=None).reason_codes == ("not-discoverable",)


@pytest.mark.parametrize(
    ("code", "changes", "given"),
    [
        ("version-withdrawn", {"withdrawn": True}, {}),
        ("purpose-not-permitted", {"model_training": False}, {}),
        ("terms-unknown", {"model_training": False, "terms_unknown": True}, {}),
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


@pytest.mark.parametrize("operation", [each for each in Operation if each.startswith(("read", "preview"))])
def test_a_withdrawn_entry_is_read_by_its_owners_people_alone(operation):
    about = facts("open", withdrawn=True)
    assert ask(operation, ACTORS["owner"], about).allowed
    for other in ("anonymous", "stranger", "other node", "own node"):
        assert ask(operation, ACTORS[other], about).reason_codes == ("version-withdrawn",)


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
