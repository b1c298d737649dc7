import pytest

from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_round
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.rounds.conductor import advance
from training.rounds.models import Round


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


@pytest.fixture
def round_(node: SigningNode) -> Round:
    make_dataset("open", texts={"vi": b"m\xe1\xbb\x99t hai ba\n"})
    round_ = make_round()
    advance(round_.pk)
    return round_


@pytest.fixture
def admitted(node: SigningNode, round_: Round) -> Contribution:
    """The node's contribution, past its admission check."""
    node.train(round_)
    return check_contribution(Contribution.objects.get().pk)
