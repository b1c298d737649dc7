"""A steward with the export, worked through as a worker does it."""

from dataclasses import dataclass

import pytest

from catalog.batches.models import Batch, Row
from catalog.batches.reading import read_table
from catalog.batches.services import set_columns, start_batch
from catalog.batches.working import run_batch
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from provenance.actors import Actor
from tests.catalog.batches.hubspot import export
from tests.factories import make_member, make_person


@dataclass(frozen=True)
class Desk:
    """A steward of one member, and a batch on it."""

    member: Member
    person: User
    batch: Batch

    @property
    def actor(self) -> Actor:
        return actor_of(self.person)

    def row(self, number: int) -> Row:
        return self.batch.rows.select_related("batch__member", "proposal").get(number=number)


def start(data: bytes, name: str = "table.csv", member: str = "archive") -> Desk:
    """A table handed in, its columns guessed."""
    house = make_member(member)
    person = make_person(house, Role.STEWARD)
    batch = start_batch(actor=actor_of(person), member=house, name=name, table=read_table(name, data))
    return Desk(house, person, batch)


def work(desk: Desk, **constants: str) -> Desk:
    """The guesses taken, and all rows worked through."""
    columns = dict(desk.batch.columns)
    constants = {path.replace("__", "."): text for path, text in constants.items()}
    set_columns(actor=desk.actor, batch=desk.batch, columns=columns, constants=constants)
    run_batch(desk.batch.pk)
    desk.batch.refresh_from_db()
    return desk


@pytest.fixture
def desk(db: None) -> Desk:
    return work(start(export(), "export.csv"))
