import pytest

from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_round
from training.rounds.conductor import advance
from training.rounds.models import Round


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


@pytest.fixture
def round_(node: SigningNode) -> Round:
    """A round that collects from one node, which may use one open dataset in two languages."""
    make_dataset("open", texts={"vi": b"m\xe1\xbb\x99t hai ba\n", "fr": b"un deux trois\n"})
    round_ = make_round()
    advance(round_.pk)
    return round_
