"""Sovereign builds of others need a grant for one purpose and a time; an embargo ends on a day (DG:3)."""

from datetime import UTC, date, datetime

import pytest

from catalog.policy import Operation
from catalog.tiers import Purpose
from tests.catalog.policy.characters import ACTORS, ask, facts, grant, node, person

BUILD = {"purpose": Purpose.SOVEREIGN_BUILD}
OTHER, OWN = ACTORS["other node"], ACTORS["own node"]


def build(worker, tier, **given):
    return ask(Operation.DISPATCH, worker, facts(tier), **BUILD, **given).reason_codes


def test_train_only_data_serve_the_build_of_a_member_with_a_grant():
    assert build(OTHER, "open") == ()
    assert build(OTHER, "train-only") == ("grant-required",)
    assert build(OTHER, "train-only", grants=(grant(),)) == ()


@pytest.mark.parametrize(
    "useless",
    [grant("third"), grant(dataset="tales"), grant(purpose=Purpose.EVALUATION)],
    ids=["of another member", "for another entry", "for another purpose"],
)
def test_a_grant_counts_for_its_member_entry_and_purpose_alone(useless):
    assert build(OTHER, "train-only", grants=(useless,)) == ("grant-required",)


def test_a_grant_ends_at_its_hour_and_the_hour_is_no_more_part_of_it():
    assert build(OTHER, "train-only", grants=(grant(hours=0),)) == ("grant-expired",)
    assert build(OTHER, "train-only", grants=(grant(hours=0), grant(hours=1))) == ()


def test_local_only_data_serve_the_build_of_another_on_the_owners_nodes_with_a_grant():
    assert build(OWN, "local-only", party="other") == ("grant-required",)
    assert build(OWN, "local-only", party="other", grants=(grant(),)) == ()
    assert build(OTHER, "local-only", grants=(grant(),)) == ("not-owner-node",)
    assert build(OWN, "local-only") == ()


def test_private_data_serve_no_build_of_another_whatever_it_holds():
    assert build(OWN, "private", party="other", grants=(grant(),)) == ("owner-only",)


def test_working_for_the_owner_makes_no_node_the_owners():
    assert build(OTHER, "train-only", party="owner") == ("grant-required",)
    assert build(OTHER, "train-only", party="third", grants=(grant("third"),)) == ("grant-required",)


@pytest.mark.parametrize("operation", [Operation.DOWNLOAD, Operation.PREVIEW])
def test_under_an_embargo_only_the_owner_reads_bytes(operation):
    about = facts("open", embargo_until=date(2026, 11, 2))
    assert ask(operation, ACTORS["stranger"], about).reason_codes == ("embargoed",)
    assert ask(operation, ACTORS["owner"], about).allowed


@pytest.mark.parametrize("operation", [Operation.SERVE_TO_NODE, Operation.DISPATCH])
def test_under_an_embargo_only_the_owners_nodes_work_and_for_the_owner_alone(operation):
    about = facts("train-only", embargo_until=date(2026, 11, 2))
    assert ask(operation, OTHER, about).reason_codes == ("embargoed",)
    assert ask(operation, OWN, about).allowed
    assert "embargoed" in ask(operation, OWN, about, party="other", **BUILD).reason_codes


def test_an_embargo_ends_with_its_day_in_universal_time():
    about = facts("open", embargo_until=date(2026, 11, 2))
    last = datetime(2026, 11, 1, 23, 59, 59, tzinfo=UTC)
    assert not ask(Operation.DOWNLOAD, ACTORS["stranger"], about, at=last).allowed
    assert ask(Operation.DOWNLOAD, ACTORS["stranger"], about, at=datetime(2026, 11, 2, tzinfo=UTC)).allowed


def request(actor, tier="train-only", **changes):
    return ask(Operation.REQUEST_ACCESS, actor, facts(tier, **changes), **BUILD).reason_codes


def test_nobody_asks_for_what_needs_no_grant_or_can_not_be_granted():
    stranger = person("other", "researcher")
    assert request(stranger, "open") == request(person("owner", "steward")) == ("no-grant-needed",)
    assert request(stranger, model_training=False) == ("purpose-not-permitted",)
    assert request(stranger, model_training=False, terms_unknown=True) == ("terms-unknown",)
    assert request(person("owner", "steward"), "private") == ("owner-only",)
    assert request(node("other")) == request(ACTORS["anonymous"]) == ("not-a-member",)
