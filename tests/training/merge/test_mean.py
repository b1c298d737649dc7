"""INV-5: a merged base is a function of its inputs, bit for bit, and appears complete or not at all."""

import hashlib
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from training.codecs import encode, opened
from training.merge import MergeError, merge
from training.tensors import LayoutError

F32 = np.float32
SHAPES = {"embed": (333, 17), "norm": (17,), "head": (17, 101)}
MERGE = (
    "import sys; from pathlib import Path; from training.merge import merge; "
    "p = [Path(a) for a in sys.argv[1:]]; "
)


def write(path, seed, scale=0.01, shapes=SHAPES):
    rng = np.random.default_rng(seed)
    save_file(
        {name: (rng.standard_normal(shape) * scale).astype(F32) for name, shape in shapes.items()}, path
    )
    return path


def named(paths):
    """The updates by digest, in the order given."""
    return {str(number): path for number, path in enumerate(paths, 1)}


def decoded(path, out):
    with opened(path) as update:
        tensors = {name: np.empty(int(np.prod(shape)), F32) for name, shape in update.shapes.items()}
        for name, values in tensors.items():
            update.read(name, 0, values)
        save_file({name: values.reshape(update.shapes[name]) for name, values in tensors.items()}, out)
    return out


@pytest.fixture
def base(tmp_path):
    return write(tmp_path / "base", 0, 0.02)


@pytest.fixture
def deltas(tmp_path):
    return [write(tmp_path / f"delta{number}", number, 0.001) for number in range(1, 6)]


def test_inv_5_the_next_base_is_base_plus_mean(base, deltas, tmp_path):
    merged = merge(base, named(deltas), tmp_path / "next")
    result, parent = load_file(tmp_path / "next"), load_file(base)
    loaded = [load_file(delta) for delta in deltas]
    for name, values in result.items():
        wide = parent[name].astype(np.float64) + np.mean(
            [delta[name].astype(np.float64) for delta in loaded], 0
        )
        np.testing.assert_allclose(values, wide, rtol=0, atol=1e-8)
    assert merged.sha256 == hashlib.sha256((tmp_path / "next").read_bytes()).hexdigest()
    assert merged.bytes == (tmp_path / "next").stat().st_size


def test_inv_5_the_arithmetic_is_float32_in_the_given_order(base, deltas, tmp_path):
    merge(base, named(deltas), tmp_path / "next")
    total = sum((load_file(delta)["head"] for delta in deltas[1:]), load_file(deltas[0])["head"])
    expected = total / F32(len(deltas)) + load_file(base)["head"]
    assert load_file(tmp_path / "next")["head"].tobytes() == expected.tobytes()


@pytest.mark.parametrize("chunk_bytes", [4, 60, 4096, 1 << 24])
def test_inv_5_chunk_sizes_do_not_change_a_bit(base, deltas, tmp_path, chunk_bytes):
    reference = merge(base, named(deltas), tmp_path / "next")
    other = merge(base, named(deltas), tmp_path / "other", chunk_bytes=chunk_bytes)
    assert other.sha256 == reference.sha256
    np.testing.assert_allclose(other.gram, reference.gram, rtol=1e-12, atol=1e-15)


def test_inv_5_another_process_computes_the_same_hash(base, deltas, tmp_path):
    code = MERGE + "print(merge(p[0], dict(zip('12345', p[2:])), p[1], chunk_bytes=512).sha256)"
    command = [sys.executable, "-c", code, base, tmp_path / "other", *deltas]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    assert printed == merge(base, named(deltas), tmp_path / "next").sha256


def test_inv_5_the_order_of_arrival_does_not_matter(base, deltas, tmp_path):
    digests = [f"{number * 7 % 5}" * 64 for number in range(5)]
    arrived = dict(zip(digests, deltas, strict=True))
    other = dict(reversed(arrived.items()))
    first = merge(base, arrived, tmp_path / "next")
    assert merge(base, other, tmp_path / "other").sha256 == first.sha256


def test_inv_5_rollback_is_a_replay_of_the_survivors(base, deltas, tmp_path):
    merge(base, named(deltas), tmp_path / "with")
    without = merge(base, named(deltas[:-1]), tmp_path / "without")
    assert merge(base, named(deltas[:-1]), tmp_path / "replayed").sha256 == without.sha256


def test_one_pass_yields_norms_and_cosines(base, deltas, tmp_path):
    merged = merge(base, named(deltas), tmp_path / "next", chunk_bytes=1000)
    rows = [
        np.concatenate([a.ravel() for _, a in sorted(load_file(d).items())]).astype(np.float64)
        for d in deltas
    ]
    np.testing.assert_allclose(merged.gram, np.array(rows) @ np.array(rows).T, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(merged.norms, [np.linalg.norm(row) for row in rows], rtol=1e-12)
    np.testing.assert_allclose(merged.cosines.diagonal(), 1.0)


def test_a_zero_delta_has_cosine_zero(base, tmp_path):
    zero = write(tmp_path / "zero", 1, 0.0)
    merged = merge(base, named([zero]), tmp_path / "next")
    assert merged.cosines.tolist() == [[0.0]]
    assert load_file(tmp_path / "next")["head"].tobytes() == load_file(base)["head"].tobytes()


def code_of(base, deltas, out):
    with pytest.raises(MergeError) as refused:
        merge(base, named(deltas), out)
    return refused.value.code


def test_nothing_to_merge_is_refused(base, tmp_path):
    assert code_of(base, [], tmp_path / "next") == "no-contributions"


def test_deltas_of_another_layout_or_type_are_refused(base, tmp_path):
    turned = write(tmp_path / "turned", 1, shapes=SHAPES | {"norm": (1, 17)})
    assert code_of(base, [turned], tmp_path / "next") == "layout-mismatch"
    save_file({"w": np.ones(4, np.float16)}, tmp_path / "half")
    assert code_of(tmp_path / "half", [tmp_path / "half"], tmp_path / "next") == "dtype-mismatch"


def test_a_base_without_values_is_refused(tmp_path):
    empty = tmp_path / "empty"
    save_file({"w": np.ones((0, 4), np.float32)}, empty)
    assert code_of(empty, [empty], tmp_path / "next") == "layout-mismatch"


@pytest.mark.parametrize("codec", ["bf16", "int8-block", "int4-block"])
@pytest.mark.parametrize("chunk_bytes", [60, 4096, 1 << 24])
def test_inv_5_encoded_updates_are_merged_as_the_numbers_that_they_say(
    base, deltas, tmp_path, codec, chunk_bytes
):
    coded, plain = [], []
    for number, delta in enumerate(deltas):
        encode(delta, tmp_path / f"coded{number}", codec)
        coded.append(tmp_path / f"coded{number}")
        plain.append(decoded(coded[-1], tmp_path / f"plain{number}"))
    merged = merge(base, named(coded), tmp_path / "next", codec=codec, chunk_bytes=chunk_bytes)
    assert merged.sha256 == merge(base, named(plain), tmp_path / "other").sha256


def test_an_update_in_another_codec_than_the_round_s_is_refused(base, deltas, tmp_path):
    encode(deltas[0], tmp_path / "coded", "int8-block")
    assert code_of(base, [tmp_path / "coded"], tmp_path / "next") == "codec-mismatch"
    with pytest.raises(MergeError, match="codec-mismatch"):
        merge(base, named(deltas), tmp_path / "next", codec="int8-block")


def test_an_encoded_update_of_other_tensors_is_refused(base, tmp_path):
    encode(write(tmp_path / "turned", 1, shapes=SHAPES | {"norm": (1, 17)}), tmp_path / "coded", "int4-block")
    with pytest.raises(MergeError, match="layout-mismatch"):
        merge(base, named([tmp_path / "coded"]), tmp_path / "next", codec="int4-block")


@pytest.mark.parametrize(("value", "code"), [(np.nan, "non-finite"), (3.4e38, "value-overflows-base-dtype")])
def test_a_poisonous_value_is_refused_and_leaves_no_file(tmp_path, value, code):
    save_file({"w": np.full(100, 3e38, F32)}, tmp_path / "base")
    save_file({"w": np.array([*[0.0] * 99, value], F32)}, tmp_path / "delta")
    assert code_of(tmp_path / "base", [tmp_path / "delta"], tmp_path / "next") == code
    assert {path.name for path in tmp_path.iterdir()} == {"base", "delta"}


def test_an_infinite_mask_in_the_base_survives(tmp_path, base):
    save_file({"w": np.array([-np.inf, 1.0], F32)}, tmp_path / "masked")
    save_file({"w": np.array([0.5, 0.5], F32)}, tmp_path / "delta")
    merge(tmp_path / "masked", named([tmp_path / "delta"]), tmp_path / "next")
    assert load_file(tmp_path / "next")["w"].tolist() == [-np.inf, 1.5]


def test_a_delta_cut_short_is_refused_and_an_older_output_is_kept(base, deltas, tmp_path):
    (tmp_path / "next").write_bytes(b"older")
    os.truncate(deltas[2], deltas[2].stat().st_size - 4)
    with pytest.raises(LayoutError, match="truncated"):
        merge(base, named(deltas), tmp_path / "next")
    assert (tmp_path / "next").read_bytes() == b"older"


def test_a_kill_half_way_never_leaves_an_output(tmp_path):
    base = write(tmp_path / "base", 0, shapes={"w": (1000, 1000)})
    code = MERGE + "merge(p[0], dict.fromkeys('12345678', p[0]), p[1], chunk_bytes=16)"
    process = subprocess.Popen([sys.executable, "-c", code, base, tmp_path / "next"])
    deadline = time.monotonic() + 20
    while not any(path.stat().st_size > 4000 for path in tmp_path.glob(".next.*.partial")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "next").exists()
