"""Rounds that have ended, in a store of their own: what is dropped here lies in nobody else's test."""

import hashlib
from collections.abc import Callable

import pytest

from provenance.blobs import get_store
from tests.training.api.signing_node import SigningNode, delta, make_family, make_maintainer, make_round
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.families.models import ModelFamily
from training.retention.wishes import set_retention
from training.rounds.conductor import advance
from training.rounds.models import Round
from training.rounds.opening import abandon_round


@pytest.fixture
def node(settings, tmp_path) -> SigningNode:
    settings.BLOB_URL = f"file://{tmp_path / 'blobs'}"
    return SigningNode()


@pytest.fixture
def family(node) -> ModelFamily:
    return make_family(seed=7)


@pytest.fixture
def end_round(family) -> Callable[..., Round]:
    """Run a round of the family to its end, with one update a node, each of its own seed."""

    def ended(*sent: tuple[SigningNode, int]) -> Round:
        round_ = make_round(family)
        advance(round_.pk)
        for sender, seed in sent:
            assert sender.train(round_, seed).status_code == 201
        for contribution in Contribution.objects.filter(round=round_):
            check_contribution(contribution.pk)
        abandon_round(make_maintainer(), round_, cause="enough of it")
        return round_

    return ended


def wish(node: SigningNode, rounds: int | None) -> None:
    set_retention(make_maintainer(node.node.member), node.node.member, rounds)


def is_here(seed: int) -> bool:
    return get_store().exists(hashlib.sha256(delta(seed)).hexdigest())
