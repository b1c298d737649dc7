"""A database of before there were kinds of acceptance is brought up to date, with what was decided in it."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from catalog.proposals.models import Proposal
from tests.factories import complete_record

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("catalog", "0005_found_by_content_and_source"), ("training", "0004_tier_of_grants")]


@pytest.fixture
def old() -> Iterator[Any]:
    """The models as they were; afterwards everything stands at its newest again."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    yield MigrationExecutor(connection).loader.project_state(BEFORE).apps
    MigrationExecutor(connection).migrate(newest)


def make_rows(old: Any) -> dict[str, uuid.UUID]:
    """Proposals of one member in three states; the blocked one has a review that says why."""
    people, members, proposals, reviews = (
        old.get_model("catalog", name).objects for name in ("User", "Member", "Proposal", "Review")
    )
    person = people.create(email="an@example.org", name="An")
    member = members.create(slug="one", name="One", region="Asia", country="VN")
    other = members.create(slug="two", name="Two", region="Asia", country="VN")
    keys = {}
    for state in ("draft", "accepted", "blocked"):
        made = proposals.create(
            member=member,
            created_by=person,
            slug=state,
            state=state,
            record=complete_record(),
            submitted_at=None if state == "draft" else timezone.now(),
        )
        keys[state] = made.pk
    for verdict, reasons, state in (("approve", [], "accepted"), ("block", ["privacy"], "blocked")):
        reviews.create(
            proposal_id=keys[state],
            revision=1,
            reviewer=person,
            member=other,
            verdict=verdict,
            reason_codes=reasons,
            note="Read.",
        )
    return keys


def test_what_was_decided_before_keeps_its_meaning(old):
    keys = make_rows(old)
    MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    found = {state: Proposal.objects.get(pk=key) for state, key in keys.items()}
    assert (found["accepted"].accepted_for, found["blocked"].block_ground) == ("training", "privacy")
    assert found["draft"].accepted_for == ""
    assert found["accepted"].reviews.get().accepted_for == "training"
    assert found["blocked"].reviews.get().ground == "privacy"
    assert [found[state].submissions.count() for state in ("draft", "accepted", "blocked")] == [0, 1, 1]
