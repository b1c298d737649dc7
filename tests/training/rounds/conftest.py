from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_round
from training.rounds.conductor import advance
from training.rounds.models import Round


@pytest.fixture
def nodes(db: None) -> list[SigningNode]:
    """Two nodes of different members, and something to train on."""
    make_dataset("open", texts={"vi": b"m\xe1\xbb\x99t\n", "fr": b"deux\n"})
    return [SigningNode(), SigningNode()]


@pytest.fixture
def collecting(nodes: list[SigningNode]) -> Round:
    """A synchronous round whose nodes have their jobs."""
    round_ = make_round()
    advance(round_.pk)
    round_.refresh_from_db()
    return round_


def reach_deadline(round_: Round) -> Round:
    """Let the collecting end now."""
    Round.objects.filter(pk=round_.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    advance(round_.pk)
    round_.refresh_from_db()
    return round_
