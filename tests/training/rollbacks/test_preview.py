"""What a rollback would change is told from the ledger, and the replay then does exactly that."""

import numpy as np
import pytest

from provenance.blobs import get_store
from training.rollbacks.models import Level
from training.rollbacks.preview import preview_of
from training.rollbacks.removal import plan_removal
from training.rollbacks.replaying import replay
from training.rounds.ledger import contents_of

pytestmark = pytest.mark.django_db


def elements(checkpoint):
    """All weights of a base in the order of its file, float32."""
    with get_store().open(checkpoint.weights_sha256) as file:
        header = int.from_bytes(file.read(8), "little")
        return np.frombuffer(file.read()[header:], dtype="<f4").astype(np.float64)


@pytest.mark.parametrize("choice", [0, 1], ids=["plain", "nesterov"])
def test_shares_and_distance_come_true(begin, choice):
    chain = begin(2, **{"merge.server": choice})
    old = chain.head
    told = preview_of(plan_removal(old, [chain.of(0)], Level.REPLAY))[-1]
    done = replay(chain.decide(chain.of(0)).pk)
    kept = {each.contribution: each.in_base for each in contents_of(done.result)}
    assert {share.contribution: share.after for share in told.shares if not share.gone} == pytest.approx(kept)
    moved = float(np.linalg.norm(elements(old) - elements(done.result)))
    assert told.distance == pytest.approx(moved, rel=1e-4)
    assert not told.is_bound


def test_an_order_rule_is_told_by_replay_only(begin):
    chain = begin(1, **{"merge.rule": 5})
    (told,) = preview_of(plan_removal(chain.head, [chain.of(0)], Level.REPLAY))
    assert (told.shares, told.distance) == (None, None)
