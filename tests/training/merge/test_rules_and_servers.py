"""INV-5 for every rule and every outer optimizer: the bytes do not depend on how the elements are split."""

import hashlib
import itertools
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from tests.training.merge.models import DIGESTS, ELEMENTS, F32, PARAMETERS, SHAPES, flat, write, write_updates
from training.merge import RULES, SERVERS, MergeError, merge
from training.merge.inputs import opened_inputs
from training.merge.plan import plan_merge
from training.merge.resolving import Resolved, resolve
from training.merge.spans import merge_span, survey, surveys_of
from training.merge.sums import from_json, to_json, total

OUTER = [None, *({"name": name} for name in SERVERS if name != "plain")]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return write(tmp_path_factory.mktemp("base") / "base", 0)


@pytest.fixture(scope="module")
def updates(tmp_path_factory):
    return write_updates(tmp_path_factory.mktemp("updates"))


def chained(plan, cuts):
    """What several workers make of a plan: (sha256 of weights, of state, resolved), sums sent as JSON."""
    spans = list(itertools.pairwise([0, *sorted(cuts), ELEMENTS]))
    weights, states, sums = [], [], {}
    with opened_inputs(plan, chunk_bytes=76) as inputs:
        for kind in surveys_of(plan):
            parts = [json.dumps(to_json(survey(inputs, kind, span, sums))) for span in spans]
            sums |= total(from_json(json.loads(part)) for part in parts)
        resolved = Resolved.from_json(json.loads(json.dumps(resolve(plan, ELEMENTS, sums).to_json())))
        for span in reversed(spans):
            part, state = bytearray(), bytearray()
            merge_span(inputs, resolved, span, part.extend, state.extend)
            weights.insert(0, part)
            states.insert(0, state)
    return b"".join(weights), b"".join(states), resolved


@pytest.mark.parametrize("server", OUTER, ids=lambda said: said["name"] if said else "plain")
@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.sets(st.integers(1, ELEMENTS - 1), max_size=5))
def test_inv_5_spans_do_not_change_a_bit(base, updates, tmp_path, rule, server, cuts):
    how = {"rule": rule, "parameters": PARAMETERS.get(rule, {}), "server": server}
    merged = merge(base, updates, tmp_path / "next", state_out=tmp_path / "state", **how)
    weights, state, resolved = chained(plan_merge(base, updates, **how), cuts)
    assert (tmp_path / "next").read_bytes().endswith(weights)
    assert merged.state_sha256 == (
        hashlib.sha256((tmp_path / "state").read_bytes()).hexdigest() if server else ""
    )
    assert not server or (tmp_path / "state").read_bytes().endswith(state)
    assert resolved.parameters == merged.parameters


@pytest.mark.parametrize("rule", RULES)
def test_a_recipe_s_parameters_replay_the_merge(base, updates, tmp_path, rule):
    merged = merge(base, updates, tmp_path / "next", rule=rule, parameters=PARAMETERS.get(rule, {}))
    said = json.loads(json.dumps(merged.parameters))
    again = merge(base, updates, tmp_path / "next", rule=rule, parameters=said, evidence=False)
    assert (again.sha256, again.parameters) == (merged.sha256, merged.parameters)
    assert (merged.coefficients is not None) == RULES[rule].linear
    assert set(merged.parameters) <= set(RULES[rule].parameters)


@pytest.mark.parametrize("name", ["nesterov", "adam", "yogi"])
def test_a_server_goes_on_from_its_parent_s_state(base, updates, tmp_path, name):
    first = merge(base, updates, tmp_path / "1", server={"name": name}, state_out=tmp_path / "s1")
    said = {"name": name, "state": first.state_sha256}
    second = merge(
        base, updates, tmp_path / "2", server=said, state=tmp_path / "s1", state_out=tmp_path / "s2"
    )
    assert second.sha256 != first.sha256
    assert second.server["state"] == first.state_sha256
    assert load_file(tmp_path / "s2")["state"].shape == (ELEMENTS, len(SERVERS[name].arrays))


def test_nesterov_s_first_step_is_the_update_at_the_rate_once_and_by_momentum(base, updates, tmp_path):
    plain = merge(base, updates, tmp_path / "plain")
    merge(base, updates, tmp_path / "next", server={"name": "nesterov"}, state_out=tmp_path / "state")
    moved = load_file(tmp_path / "next")["head"] - load_file(base)["head"]
    update = load_file(tmp_path / "plain")["head"] - load_file(base)["head"]
    np.testing.assert_allclose(moved, 0.7 * 1.9 * update, atol=1e-7)
    assert plain.server is None


@pytest.mark.parametrize("rule", RULES)
def test_evidence_is_what_the_whole_arrays_say(base, updates, tmp_path, rule):
    merged = merge(base, updates, tmp_path / "next", rule=rule, parameters=PARAMETERS.get(rule, {}))
    zero = tmp_path / "zero"
    save_file({name: np.zeros(shape, F32) for name, shape in SHAPES.items()}, zero)
    again = merge(zero, updates, tmp_path / "together", rule=rule, parameters=merged.parameters)
    together = flat(tmp_path / "together")
    rows = np.array([flat(updates[digest]) for digest in merged.digests])
    comparable = (rows * together != 0).sum(axis=1)
    np.testing.assert_allclose(again.gram, rows @ rows.T, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(again.retained, rows @ together / again.norms**2, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(again.sign_agreement, (rows * together > 0).sum(axis=1) / comparable)


HOSTILE = [
    ("mode", {}, "rule-unknown"),
    ("mean", {"weights": {}}, "parameters-invalid"),
    ("krum", {"hostile": 3}, "parameters-invalid"),
    ("krum", {"hostile": True}, "parameters-invalid"),
    ("multi-krum", {"hostile": 1, "chosen": 7}, "parameters-invalid"),
    ("trimmed-mean", {"trim": 4}, "parameters-invalid"),
    ("ties", {"density": "1e9"}, "parameters-invalid"),
    ("ties", {"density": "1/0"}, "parameters-invalid"),
    ("dare", {"seed": 2**53}, "parameters-invalid"),
    ("dare", {"seed": 1, "drop": "1"}, "parameters-invalid"),
    ("norm-clipped-mean", {"clip": "0"}, "parameters-invalid"),
    ("geometric-median", {"coefficients": dict.fromkeys(DIGESTS, "1")}, "weights-mismatch"),
    ("krum", {"hostile": 1, "coefficients": {"x": "1"}}, "weights-mismatch"),
]


@pytest.mark.parametrize(("rule", "parameters", "code"), HOSTILE)
def test_what_no_rule_can_use_is_refused_by_name(base, updates, tmp_path, rule, parameters, code):
    with pytest.raises(MergeError) as caught:
        merge(base, updates, tmp_path / "next", rule=rule, parameters=parameters)
    assert caught.value.code == code
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("evidence", [True, False])
def test_a_poisoned_update_is_named_with_its_tensor(base, updates, tmp_path, rule, evidence):
    tensors = load_file(updates[DIGESTS[3]])
    tensors["norm"][2] = np.nan
    save_file(tensors, tmp_path / "poisoned")
    given = updates | {DIGESTS[3]: tmp_path / "poisoned"}
    said = PARAMETERS.get(rule, {})
    with pytest.raises(MergeError, match=f"non-finite: contribution {DIGESTS[3]}.*'norm'"):
        merge(base, given, tmp_path / "next", rule=rule, parameters=said, evidence=evidence)


def test_a_state_of_another_server_or_model_is_refused(base, updates, tmp_path):
    merge(base, updates, tmp_path / "next", server={"name": "adam"}, state_out=tmp_path / "state")
    for server in ({"name": "nesterov"}, None, {"name": "adam", "state": None}):
        with pytest.raises(MergeError, match="state-mismatch"):
            merge(
                base,
                updates,
                tmp_path / "next",
                server=server,
                state=tmp_path / "state",
                state_out=tmp_path / "other",
            )
