"""An entry in the middle of its life: two nodes hold its bytes, one of them works on it, one wants to."""

from dataclasses import dataclass

import pytest

from catalog.datasets.models import Dataset
from catalog.datasets.services import withdraw_dataset
from catalog.members.models import Role
from provenance.actors import Actor
from tests.factories import make_actor, make_dataset
from tests.training.api.signing_node import SigningNode, make_round
from tests.training.grants.conftest import GRANTS, manifest, read
from training.rounds.conductor import advance
from training.rounds.models import Round
from training.withdrawals.models import WithdrawalTask


@dataclass
class Scene:
    """The entry with its steward, and the nodes: ``busy`` runs a job, ``idle`` waits for its own."""

    dataset: Dataset
    steward: Actor
    busy: SigningNode
    idle: SigningNode
    reader: SigningNode
    round: Round

    def withdraw(self):
        self.dataset = withdraw_dataset(actor=self.steward, dataset=self.dataset, reason="consent revoked")
        return self

    @property
    def tasks(self) -> dict[str, WithdrawalTask]:
        return {task.subject: task for task in self.dataset.withdrawal_tasks.select_related("member")}


@pytest.fixture
def scene(db) -> Scene:
    dataset = make_dataset("open", texts={"fr": b"un deux trois\n"})
    busy, idle = SigningNode(), SigningNode()
    round_ = make_round()
    advance(round_.pk)
    reader = SigningNode()
    job = busy.job(round_)
    busy.claim(job)
    sha256 = dataset.newest.files.get().sha256
    read(busy.get(f"/api/v1/jobs/{job.pk}/inputs/{sha256}"))
    granted = reader.post(GRANTS, manifest(dataset)).json()
    read(reader.get(granted["files"][0]["url"]))
    return Scene(dataset, make_actor(dataset.member, Role.STEWARD), busy, idle, reader, round_)
