"""INV-3: every change writes its event in its own transaction, and nothing rewrites the log."""

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.members.models import Role
from catalog.proposals.models import Proposal
from catalog.proposals.services import start_proposal
from provenance.actors import ANONYMOUS, CONSORTIUM, COORDINATOR
from provenance.events.models import Event
from provenance.events.reading import EventFilter, recent
from provenance.events.services import event_content, record_event
from provenance.signing.canonical import digest
from tests.factories import make_actor, make_dataset, make_draft, make_member

pytestmark = pytest.mark.django_db


def execute(sql, params=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_inv_3_a_rollback_leaves_neither_the_change_nor_its_event():
    member = make_member()
    actor = make_actor(member, Role.STEWARD)
    before = Event.objects.count()
    with transaction.atomic():
        start_proposal(actor=actor, member=member)
        assert Event.objects.count() == before + 1
        transaction.set_rollback(True)
    assert (Proposal.objects.count(), Event.objects.count()) == (0, before)


@pytest.mark.django_db(transaction=True)
def test_inv_3_an_event_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="INV-3"):
        record_event(actor=COORDINATOR, action="node.seen")


@pytest.mark.parametrize(
    "sql", ["UPDATE provenance_event SET outcome = 'done'", "DELETE FROM provenance_event"]
)
def test_inv_3_raw_sql_can_not_rewrite_the_log(sql):
    record_event(actor=COORDINATOR, action="access.download")
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        execute(sql)


def test_inv_3_an_illegal_jump_is_refused_even_for_raw_sql():
    _, proposal = make_draft()
    with pytest.raises(DatabaseError, match="Invalid transition"):
        execute("UPDATE catalog_proposal SET state = 'rejected' WHERE id = %s", [proposal.pk])


@pytest.mark.parametrize(
    "table",
    ["provenance_artifact", "provenance_statement", "catalog_datasetfile", "catalog_review"],
)
def test_inv_3_evidence_is_append_only(table):
    make_dataset()
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


def test_an_events_digest_covers_its_content_as_it_was_stored():
    make_dataset()
    for event in Event.objects.all():
        assert digest(event_content(event)) == event.digest


def test_recent_events_are_for_their_audience_newest_first():
    for audience in ("public", CONSORTIUM, "member:lotus"):
        record_event(actor=COORDINATOR, action=f"note.{audience[:6]}", audience=audience)
    assert [event.audience for event in recent(ANONYMOUS.audiences)] == ["public"]
    actor = make_actor("baobab", Role.RESEARCHER)
    notes = recent(actor.audiences, EventFilter(action="note"))
    assert [event.audience for event in notes] == [CONSORTIUM, "public"]


def test_events_are_filtered_by_noun_subject_and_time():
    first = record_event(actor=COORDINATOR, action="dataset.published", subject="dataset:a")
    record_event(actor=COORDINATOR, action="datasets.counted", subject="dataset:a")
    later = record_event(actor=COORDINATOR, action="dataset.withdrawn", subject="dataset:b")
    everything = ANONYMOUS.audiences
    assert [*recent(everything, EventFilter(action="dataset"))] == [later, first]
    assert [*recent(everything, EventFilter(subject="dataset:b"))] == [later]
    assert first in recent(everything, EventFilter(until=later.time))
    assert later in recent(everything, EventFilter(since=later.time))
