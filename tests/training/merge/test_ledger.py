"""What the ledger says is in a base, held against the bytes of bases."""

from itertools import pairwise

import numpy as np
import pytest

from tests.training.merge.models import PARAMETERS, flat, write, write_updates
from training.merge import MergeError, growth, merge, next_ledger, preview_without

NESTEROV = {"name": "nesterov"}
ROUNDS = 4


def rounds_of(folder, server, *, drop="", rule="mean"):
    """Merge some rounds; return (base paths, what each merged, updates by digest)."""
    bases, made, seen, state = [write(folder / "base", 0)], [], {}, None
    for number in range(ROUNDS):
        (folder / f"{number}").mkdir(exist_ok=True)
        written = write_updates(folder / f"{number}", 10 * number)
        named = {f"{number}-{path.name}": path for path in written.values()}
        seen |= named
        said = None if server is None else server | {"state": made[-1].state_sha256 if made else None}
        kept = folder / f"{drop}state{number}"
        bases.append(folder / f"{drop}base{number}")
        made.append(
            merge(
                bases[-2],
                {digest: path for digest, path in named.items() if digest != drop},
                bases[-1],
                rule=rule,
                server=said,
                state=state,
                state_out=kept,
            )
        )
        state = kept if server else None
    return bases, made, seen


@pytest.mark.parametrize("server", [None, NESTEROV])
def test_a_base_is_the_sum_that_its_ledger_says(tmp_path, server):
    bases, made, seen = rounds_of(tmp_path, server)
    ledger = {}
    for merged, (_, base) in zip(made, pairwise(bases), strict=True):
        ledger = next_ledger(ledger, merged.coefficients, merged.server)
        told = sum(held.in_base * flat(seen[digest]) for digest, held in ledger.items())
        np.testing.assert_allclose(flat(base) - flat(bases[0]), told, atol=1e-7)


@pytest.mark.parametrize("rule", ["mean", "norm-clipped-mean", "geometric-median"])
@pytest.mark.parametrize("server", [None, NESTEROV])
def test_a_preview_says_how_far_the_replay_will_be(tmp_path, rule, server):
    bases, made, _ = rounds_of(tmp_path, server, rule=rule)
    first = made[0]
    said = preview_without(
        "0-3",
        rule=rule,
        parameters=first.parameters,
        coefficients=first.coefficients,
        gram=first.gram,
        digests=first.digests,
        server=first.server,
        later=ROUNDS - 1,
    )
    replayed, again, _ = rounds_of(tmp_path, server, drop="0-3", rule=rule)
    assert said.coefficients == pytest.approx(again[0].coefficients, abs=1e-9)
    assert said.distance == pytest.approx(np.linalg.norm(flat(bases[-1]) - flat(replayed[-1])), rel=1e-3)


def test_what_is_not_linear_has_no_numbers():
    older = next_ledger({}, {"a": 1}, None)
    assert next_ledger(older, None, None) == older
    assert next_ledger(older, {"b": 1}, {"name": "yogi"}) == {}
    with pytest.raises(ValueError, match="no number"):
        growth({"name": "adam"}, 1)


def test_momentum_brings_most_of_an_update_later():
    server = NESTEROV | {"rate": "7/10", "momentum": "9/10"}
    assert growth(server, 0) == pytest.approx(0.7 * 1.9)
    assert growth(server, 200) == pytest.approx(0.7 * 10)


def test_a_rule_that_needs_more_updates_than_stay_is_refused(tmp_path):
    updates = dict(list(write_updates(tmp_path).items())[:5])
    krum = {"rule": "krum", "parameters": {"hostile": 1}}
    made = merge(write(tmp_path / "base", 0), updates, tmp_path / "next", **krum)
    with pytest.raises(MergeError, match="parameters-invalid"):
        preview_without(
            made.digests[0], **krum, coefficients=made.coefficients, gram=made.gram, digests=made.digests
        )


def test_weights_of_those_that_stay_are_scaled_up(tmp_path):
    updates, said = write_updates(tmp_path), PARAMETERS["weighted-mean"]
    how = {"rule": "weighted-mean", "parameters": said}
    made = merge(write(tmp_path / "base", 0), updates, tmp_path / "next", **how)
    heaviest = made.digests[-1]
    preview = preview_without(
        heaviest, **how, coefficients=made.coefficients, gram=made.gram, digests=made.digests
    )
    assert sum(preview.coefficients.values()) == 1
    assert preview.coefficients[made.digests[0]] * 21 == 1
