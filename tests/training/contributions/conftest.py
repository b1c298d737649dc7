import pytest

from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_round
from tests.training.rounds.playing import measure_all, work
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


@pytest.fixture
def in_review(node: SigningNode, admitted: Contribution) -> Contribution:
    """The same, when the candidate was measured and maintainers may speak."""
    measure_all(work(admitted.round), [node])
    admitted.refresh_from_db()
    assert admitted.round.state == "reviewing"
    return admitted
