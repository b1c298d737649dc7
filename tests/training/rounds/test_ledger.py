"""What is in a base: the ledger's numbers are what the bytes say."""

import numpy as np
import pytest

from provenance.blobs import get_store
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_family, make_round
from tests.training.rounds.playing import play
from training.merge import VOTED
from training.pages.checkpoints.contents import contents_in
from training.rounds.ledger import contents_of
from training.rounds.models import Round
from training.tensors import TensorLayout

pytestmark = pytest.mark.django_db
NESTEROV = 1


@pytest.fixture
def nodes() -> list[SigningNode]:
    make_dataset("open")
    return [SigningNode(), SigningNode()]


def opened(family, *, rule: int = 0, server: int = 0) -> Round:
    round_ = make_round(family)
    round_.rules |= {"merge.rule": rule, "merge.server": server, "merge.leave_one_out": 0}
    round_.save()
    return round_


def values(sha256: str) -> np.ndarray:
    with get_store().local_path(sha256) as path, path.open("rb") as file:
        start = TensorLayout.read(file.fileno()).data_start
        return np.fromfile(path, "<f4", offset=start).astype(np.float64)


def rebuilt(base) -> np.ndarray:
    """Base 0 and its family's updates, each as often as the ledger says."""
    found = values(base.family.checkpoints.get(number=0).weights_sha256)
    for content in contents_of(base):
        found += content.in_base * values(content.contribution.weights_sha256)
    return found


def test_over_three_rounds_with_momentum_a_base_is_base_zero_and_what_the_ledger_lists(nodes):
    family = make_family()
    bases = [play(opened(family, server=NESTEROV), nodes, seed=seed).result for seed in (1, 3, 5)]
    assert [len(contents_of(base)) for base in bases] == [2, 4, 6]
    assert np.allclose(rebuilt(bases[2]), values(bases[2].weights_sha256), atol=1e-6)
    first = {content.contribution.pk: content.in_base for content in contents_of(bases[0])}
    grown = {content.contribution.pk: content.in_base for content in contents_of(bases[2])}
    assert all(grown[key] > 1.5 * share for key, share in first.items())


def test_a_rule_that_is_not_linear_leaves_its_own_contributions_without_a_number_and_keeps_the_others(nodes):
    family = make_family()
    play(opened(family), nodes)
    base = play(opened(family, rule=VOTED.index("coordinate-median")), nodes, seed=3).result
    shown = contents_in(base)
    assert [share.in_base for share in shown.shares] == [0.5, 0.5]
    assert (shown.untold, shown.moves_on) == (2, False)


def test_after_an_optimizer_that_is_not_linear_only_what_comes_later_has_numbers(nodes):
    family = make_family()
    adam = play(opened(family, server=2), nodes).result
    assert (contents_of(adam), contents_in(adam).untold) == ([], 2)
    later = play(opened(family), nodes, seed=3).result
    assert {content.contribution.round.number for content in contents_of(later)} == {2}
