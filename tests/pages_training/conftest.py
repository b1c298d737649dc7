"""A round made by the services, with nodes that sign, and the four readers whom every page meets."""

from dataclasses import dataclass

import pytest
from django.test import Client

from catalog.members.models import Role
from catalog.tiers import Purpose
from tests.factories import make_dataset, make_member, make_person
from tests.training.api.signing_node import SigningNode, make_family, make_maintainer, make_round
from tests.training.imports.folders import write_model
from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.jobs.models import JobInput, JobMetric
from training.rounds.candidates import make_candidate
from training.rounds.conductor import advance
from training.rounds.merging import merge
from training.rounds.models import Round

READERS = ("anonymous", "researcher", "own_maintainer", "other_maintainer")


@dataclass
class Loom:
    """A round with its nodes."""

    round: Round
    nodes: list[SigningNode]

    @property
    def contribution(self):
        return Contribution.objects.get(job__node=self.nodes[0].node)

    @property
    def job(self):
        return self.nodes[0].job(self.round)

    def refresh(self):
        advance(self.round.pk)
        self.round.refresh_from_db()
        return self


def collecting_with(count):
    """A round that collects from so many new nodes, each with readings of its training."""
    nodes = [SigningNode() for _ in range(count)]
    loom = Loom(make_round(make_family(seed=count)), nodes).refresh()
    for node in nodes:
        assert node.claim(node.job(loom.round)).status_code == 200
        job = node.job(loom.round)
        JobMetric.objects.bulk_create(
            JobMetric(job=job, attempt=1, step=step, loss=5 / step, tokens_per_second=900)
            for step in (1, 2, 3)
        )
    return loom


@pytest.fixture
def dataset(db):
    return make_dataset("open", texts={"vi": "một hai ba\n".encode()}, title={"en": "Songs of the delta"})


@pytest.fixture
def loom(dataset):
    """A round in review: one contribution of one node, admitted."""
    node = SigningNode()
    loom = Loom(make_round(), [node]).refresh()
    assert node.train(loom.round).status_code == 201
    loom.refresh()
    check_contribution(loom.contribution.pk)
    make_candidate(loom.refresh().round.pk)
    assert node.evaluate(loom.round).status_code == 201
    return loom.refresh()


@pytest.fixture
def closed(loom):
    """The same round, merged and evaluated; the new base needs fewer bits than its parent."""
    for _ in range(loom.round.quorum):
        decide_contribution(make_maintainer(), loom.contribution, DecisionVerdict.ACCEPT)
    loom.refresh()
    merge(loom.round.pk)
    return loom.refresh()


@pytest.fixture
def hidden(loom):
    """A private dataset that, against every rule, an input of the job points to."""
    entry = make_dataset("private", member=make_member("secret-keepers"), title={"en": "Sealed chronicle"})
    version = entry.newest
    JobInput.objects.create(
        job=loom.job, version=version, tier=version.tier, purpose=str(Purpose.SOVEREIGN_BUILD)
    )
    return version


@pytest.fixture
def browser(loom):
    """Signs in as one of the readers; the own maintainer is of the member that contributed."""

    def sign_in(reader):
        client = Client()
        own, other = loom.nodes[0].node.member, make_member("onlookers")
        people = {
            "researcher": (other, Role.RESEARCHER),
            "own_maintainer": (own, Role.MAINTAINER),
            "other_maintainer": (other, Role.MAINTAINER),
        }
        if reader in people:
            client.force_login(make_person(*people[reader]))
        return client

    return sign_in


@pytest.fixture
def maintainer(db):
    return make_person("danube", Role.MAINTAINER)


@pytest.fixture
def steward(db):
    return make_person("danube", Role.STEWARD)


@pytest.fixture
def plain_model(tmp_path):
    return write_model(tmp_path / "model")
