"""Admission: every problem of an update is found in one pass, and an honest one passes."""

import hashlib
import tracemalloc

import numpy as np
import pytest
from safetensors.numpy import save_file

from training.admission import Limits, admit
from training.codecs import encode
from training.tensors import LayoutError

F16, F32, F64 = np.float16, np.float32, np.float64
SHAPES = {"embed": (50, 8), "norm": (8,), "head": (8, 30)}


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def weights(rng, scale, shapes=SHAPES):
    return {name: (rng.standard_normal(shape) * scale).astype(F32) for name, shape in shapes.items()}


@pytest.fixture
def judge(tmp_path):
    def run(base, delta, limits=None, **options):
        save_file(base, tmp_path / "base")
        save_file(delta, tmp_path / "delta")
        return admit(tmp_path / "base", tmp_path / "delta", limits=limits or Limits(), **options)

    return run


def codes(admission):
    return [finding.code for finding in admission.findings]


def test_an_honest_update_passes_and_its_norms_are_exact(judge, rng, tmp_path):
    base, delta = weights(rng, 0.02), weights(rng, 0.001)
    admission = judge(base, delta)
    whole = np.concatenate([delta[name].ravel() for name in delta]).astype(F64)
    ground = np.concatenate([base[name].ravel() for name in base]).astype(F64)
    assert admission.admissible
    assert admission.norm == pytest.approx(np.linalg.norm(whole), rel=1e-14)
    assert admission.relative_norm == pytest.approx(np.linalg.norm(whole) / np.linalg.norm(ground), rel=1e-14)
    assert admission.elements == whole.size
    assert admission.sha256 == hashlib.sha256((tmp_path / "delta").read_bytes()).hexdigest()


def test_each_tensor_is_measured(judge, rng):
    base, delta = weights(rng, 0.02), weights(rng, 0.001)
    measure = judge(base, delta).per_tensor["head"]
    assert measure.norm == pytest.approx(np.linalg.norm(delta["head"].astype(F64)), rel=1e-14)
    assert measure.base_norm == pytest.approx(np.linalg.norm(base["head"].astype(F64)), rel=1e-14)
    assert measure.largest == np.abs(delta["head"]).max()


@pytest.mark.parametrize("chunk_bytes", [1, 24, 1000, 1 << 20])
def test_the_size_of_the_chunks_changes_no_finding_and_no_hash(judge, rng, chunk_bytes):
    base, delta = weights(rng, 0.02), weights(rng, 0.001)
    delta["head"][3, 3] = np.nan
    reference, other = judge(base, delta), judge(base, delta, chunk_bytes=chunk_bytes)
    assert (other.findings, other.sha256) == (reference.findings, reference.sha256)
    assert other.norm == pytest.approx(reference.norm, rel=1e-14)


def test_names_shapes_and_types_are_compared(judge, rng):
    base = weights(rng, 0.02)
    delta = weights(rng, 0.001, {"embed": (8, 50), "head": (8, 30), "extra": (2,)})
    delta["head"] = delta["head"].astype(F16)
    found = {(finding.code, finding.tensor) for finding in judge(base, delta).findings}
    assert found == {
        ("missing-parameter", "norm"),
        ("unexpected-parameter", "extra"),
        ("shape-mismatch", "embed"),
        ("dtype-mismatch", "head"),
        ("update-not-measurable", ""),
    }


def test_every_problem_stands_in_one_report(judge, rng):
    base, delta = weights(rng, 0.02), weights(rng, 0.001)
    delta["embed"][0, 0] = np.inf
    delta["head"][:] = 1e5
    base["norm"][0] = delta["norm"][0] = np.finfo(F32).max
    assert set(codes(judge(base, delta))) == {
        "non-finite",
        "abs-delta-too-large",
        "value-overflows-base-dtype",
        "layer-update-too-large",
        "layer-relative-update-too-large",
        "global-update-too-large",
    }


def test_a_relative_bound_on_the_whole_is_judged_too(judge, rng):
    limits = Limits(global_relative_update=0.01)
    assert codes(judge(weights(rng, 0.02), weights(rng, 0.001), limits)) == [
        "global-relative-update-too-large"
    ]


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_a_single_non_finite_value_is_found_and_counted(judge, rng, poison):
    base, delta = weights(rng, 0.02), weights(rng, 0.001)
    delta["embed"][49, 7] = poison
    (finding,) = judge(base, delta).findings
    assert (finding.code, finding.tensor) == ("non-finite", "embed")
    assert "1 of 400" in finding.detail


def test_a_base_may_hold_an_infinite_mask(judge, rng):
    base, delta = weights(rng, 0.02), weights(rng, 0.001)
    base["head"][0] = -np.inf
    assert judge(base, delta).admissible


def test_a_sum_beyond_half_precision_is_found_only_where_the_base_has_half_precision(judge):
    base, delta = {"w": np.full(4, 65000, F16)}, {"w": np.full(4, 600, F16)}
    limits = Limits(abs_delta=1e9, layer_update=1e9)
    assert codes(judge(base, delta, limits)) == ["value-overflows-base-dtype"]
    wide = judge({"w": base["w"].astype(F32)}, {"w": delta["w"].astype(F32)}, limits)
    assert wide.admissible


def test_a_norm_beyond_float64_is_not_measurable(judge):
    admission = judge({"w": np.ones(4)}, {"w": np.full(4, 1e200)})
    assert codes(admission) == ["abs-delta-too-large", "update-not-measurable", "update-not-measurable"]
    assert admission.norm is None


def test_an_update_of_integers_is_not_measurable(judge):
    assert set(codes(judge({"w": np.ones(4, int)}, {"w": np.ones(4, int)}))) == {"update-not-measurable"}


def test_zeros_in_the_base_can_be_trained_a_little_but_not_replaced(judge):
    zeros = {"w": np.zeros(100, F32)}
    assert judge(zeros, {"w": np.full(100, 0.001, F32)}).admissible
    assert "layer-relative-update-too-large" in codes(judge(zeros, {"w": np.full(100, 0.1, F32)}))


def test_a_file_that_is_no_tensors_is_one_finding_with_its_reason(tmp_path, rng):
    save_file(weights(rng, 0.02), tmp_path / "base")
    (tmp_path / "delta").write_bytes(b"PK\x03\x04" + bytes(100))
    admission = admit(tmp_path / "base", tmp_path / "delta")
    assert codes(admission) == ["not-a-tensor", "update-not-measurable"]
    assert "zip" in admission.findings[0].detail
    assert admission.sha256 == hashlib.sha256((tmp_path / "delta").read_bytes()).hexdigest()


def test_a_broken_base_is_not_blamed_on_the_update(tmp_path, rng):
    (tmp_path / "base").write_bytes(b"nonsense")
    save_file(weights(rng, 0.001), tmp_path / "delta")
    with pytest.raises(LayoutError):
        admit(tmp_path / "base", tmp_path / "delta")


def test_tensors_in_another_order_of_bytes_are_found_before_a_merge_would_pair_them(tmp_path):
    entry = b'"%c":{"dtype":"F32","shape":[1],"data_offsets":['
    head = b"{" + entry + b"0,4]}," + entry + b"4,8]}}"
    for name, order in {"base": b"ab", "delta": b"ba"}.items():
        text = head % tuple(order)
        (tmp_path / name).write_bytes(len(text).to_bytes(8, "little") + text + bytes(8))
    assert codes(admit(tmp_path / "base", tmp_path / "delta")) == ["layout-mismatch"]


def test_a_report_cannot_be_flooded(judge, rng):
    extra = {f"extra.{number:03}": np.zeros(1, F32) for number in range(150)}
    findings = judge(weights(rng, 0.02), weights(rng, 0.001) | extra).findings
    assert len(findings) == 101
    assert findings[-1].detail == "and 50 more of this kind"


def test_memory_is_bounded_by_the_chunk_and_not_by_the_tensor(tmp_path):
    save_file({"w": np.full(5_000_000, 0.02, F32)}, tmp_path / "base")
    save_file({"w": np.full(5_000_000, 0.001, F32)}, tmp_path / "delta")
    tracemalloc.start()
    assert admit(tmp_path / "base", tmp_path / "delta", chunk_bytes=1 << 16).admissible
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 2**20


@pytest.mark.parametrize("codec", ["bf16", "int8-block", "int4-block"])
@pytest.mark.parametrize("chunk_bytes", [24, 1000, 1 << 20])
def test_an_encoded_update_is_judged_as_the_numbers_that_it_stands_for(tmp_path, rng, codec, chunk_bytes):
    base, delta = weights(rng, 0.02), weights(rng, 0.001)
    save_file(base, tmp_path / "base")
    save_file(delta, tmp_path / "delta")
    done = encode(tmp_path / "delta", tmp_path / "coded", codec)
    admission = admit(tmp_path / "base", tmp_path / "coded", codec=codec, chunk_bytes=chunk_bytes)
    assert admission.admissible
    assert admission.sha256 == done.sha256
    plain = admit(tmp_path / "base", tmp_path / "delta")
    assert admission.norm == pytest.approx(plain.norm, rel=2 * done.error)
    assert admission.elements == plain.elements


def test_an_update_in_another_codec_than_agreed_is_one_finding(tmp_path, rng):
    save_file(weights(rng, 0.02), tmp_path / "base")
    save_file(weights(rng, 0.001), tmp_path / "delta")
    encode(tmp_path / "delta", tmp_path / "coded", "int8-block")
    for given, codec in ((tmp_path / "coded", "fp32"), (tmp_path / "delta", "int8-block")):
        assert codes(admit(tmp_path / "base", given, codec=codec)) == [
            "codec-mismatch",
            "update-not-measurable",
        ]


def test_a_poisonous_scale_is_one_finding(tmp_path, rng):
    save_file({"w": np.ones(4, F32)}, tmp_path / "base")
    tensors = {"w": np.ones(4, np.int8), "w:scales": np.array([np.nan], F32)}
    save_file(tensors, tmp_path / "delta", {"codec": "int8-block"})
    admission = admit(tmp_path / "base", tmp_path / "delta", codec="int8-block")
    assert codes(admission) == ["codec-mismatch", "update-not-measurable"]


def test_tensors_of_an_encoded_update_are_compared_by_name_and_shape(tmp_path, rng):
    save_file(weights(rng, 0.02), tmp_path / "base")
    other = weights(rng, 0.001, {"embed": (8, 50), "head": (8, 30), "extra": (2,)})
    save_file(other, tmp_path / "delta")
    encode(tmp_path / "delta", tmp_path / "coded", "int4-block")
    found = codes(admit(tmp_path / "base", tmp_path / "coded", codec="int4-block"))
    assert set(found) == {"missing-parameter", "unexpected-parameter", "shape-mismatch"}
