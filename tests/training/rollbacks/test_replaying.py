"""INV-5: a rollback is replay, and anybody who computes the same gets the same bytes."""

from contextlib import ExitStack

import pytest
from django.utils import timezone

from provenance.blobs import get_store
from tests.training.api.signing_node import make_maintainer, make_round
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import merge
from training.retention.models import Recall
from training.rollbacks import replaying
from training.rollbacks.deciding import try_again
from training.rollbacks.models import Level
from training.rollbacks.replaying import replay
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


def recompute(tmp_path, start, turns, server=None):
    """Merge again from files, round by round, knowing nothing but the store: the hash of the last base."""
    store, base, state = get_store(), None, None
    with ExitStack() as stack:
        base = stack.enter_context(store.local_path(start.weights_sha256))
        for number, contributions in enumerate(turns):
            paths = {
                each.digest: stack.enter_context(store.local_path(each.weights_sha256))
                for each in contributions
            }
            out, state_out = tmp_path / f"base-{number}", tmp_path / f"state-{number}"
            extra = {"server": server, "state": state, "state_out": state_out} if server else {}
            merged = merge(base, paths, out, **extra)
            base, state = out, state_out
    return merged.sha256


@pytest.mark.parametrize(("choice", "server"), [(0, None), (1, {"name": "nesterov"})])
def test_what_stays_is_merged_again_bit_for_bit(begin, tmp_path, choice, server):
    chain = begin(3, **{"merge.server": choice})
    done = replay(chain.decide(chain.of(0)).pk)
    turns = [[chain.of(1, 0)], *([chain.of(0, n), chain.of(1, n)] for n in (1, 2))]
    assert done.result.weights_sha256 == recompute(tmp_path, chain.bases[0], turns, server)
    assert (done.state, done.result, done.result.number) == ("done", chain.head, 4)
    assert [step.made.standing for step in done.steps.all()] == ["candidate", "replayed", "base"]
    assert Checkpoint.objects.filter(pk=done.head_id).exists()


def test_level_2_also_drops_what_was_trained_from_a_base_that_held_it(begin):
    chain = begin(2)
    done = replay(chain.decide(chain.of(0), level=Level.DESCENDANTS).pk)
    assert done.result.recipe["contributions"] == [chain.of(1).digest]
    assert done.result.parent == chain.bases[0]


def test_without_the_only_contribution_of_the_last_round_the_family_goes_back(begin):
    chain = begin(1)
    chain.add_round(chain.nodes[:1])
    done = replay(chain.decide(chain.of(0, 1)).pk)
    assert done.result == chain.bases[1] == chain.head
    assert make_round(chain.family).base == done.result


def test_a_replay_that_died_between_two_steps_goes_on(begin, monkeypatch):
    chain = begin(2)
    rollback = chain.decide(chain.of(0))
    with monkeypatch.context() as patch:
        patch.setattr(replaying, "_conclude", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            replay(rollback.pk)
    before = [step.made.digest for step in rollback.steps.all()]
    assert chain.head == chain.bases[2]
    done = replay(rollback.pk)
    assert [step.made.digest for step in done.steps.all()] == before
    assert chain.head == done.result


def test_a_replay_whose_bytes_are_missing_fails_and_is_tried_again(begin):
    chain = begin(2)
    rollback = chain.decide(chain.of(0))
    address = chain.of(1, 1).weights_sha256
    with get_store().open(address) as kept:
        content = kept.read()
    get_store().delete(address)
    failed = replay(rollback.pk)
    assert (failed.state, chain.head) == ("failed", chain.bases[2])
    get_store().put([content])
    try_again(make_maintainer(), failed)
    assert replay(rollback.pk).state == "done"


def test_a_replay_waits_for_bytes_that_only_their_node_has(begin):
    chain = begin(2)
    rollback = chain.decide(chain.of(0))
    kept = Contribution.objects.filter(pk=chain.of(1, 1).pk)
    kept.update(bytes_dropped_at=timezone.now())
    assert replay(rollback.pk).state == "replaying"
    assert Recall.objects.get().contribution == kept.get()
    kept.update(bytes_dropped_at=None)
    assert replay(rollback.pk).state == "done"


def test_the_next_round_starts_from_what_was_replayed(begin):
    chain = begin(2)
    done = replay(chain.decide(chain.of(0)).pk)
    round_ = chain.add_round()
    assert (round_.base, round_.result.number) == (done.result, 4)


def test_the_nodes_measure_what_was_made(begin):
    chain = begin(1)
    chain.add_round()
    done = replay(chain.decide(chain.of(0)).pk)
    for node in chain.nodes:
        assert node.evaluate(chain.rounds[1]).status_code == 201
    assert done.result.evaluations.count() == 2
    advance(chain.rounds[1].pk)
