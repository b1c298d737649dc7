"""What is written can be read, the same bytes come out everywhere, and forged files are refused."""

import hashlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors.numpy import load_file, save_file

from training.codecs import CodecError, codec_of, encode, opened
from training.codecs.arithmetic import from_bf16, from_blocks, pack, to_bf16, to_blocks, unpack
from training.codecs.distance import distance

F32 = np.float32
SHAPES = {"embed": (333, 17), "norm": (17,), "head": (17, 101), "empty": (0, 4), "one": ()}
CODECS = ["fp32", "bf16", "int8-block", "int4-block"]
FINITE = st.floats(float(F32(-1e30)), float(F32(1e30)), width=32)


def update(seed=1, scale=0.001):
    rng = np.random.default_rng(seed)
    return {name: np.asarray(rng.standard_normal(shape) * scale, F32) for name, shape in SHAPES.items()}


@pytest.fixture
def delta(tmp_path):
    save_file(update(), tmp_path / "d")
    return tmp_path / "d"


def decoded(path):
    with opened(path) as file:
        found = {}
        for name, shape in file.shapes.items():
            values = np.empty(int(np.prod(shape)), F32)
            file.read(name, 0, values)
            found[name] = values.reshape(shape)
        return found


@pytest.mark.parametrize("codec", CODECS)
def test_what_was_written_comes_back_with_the_error_that_was_told(delta, tmp_path, codec):
    done = encode(delta, tmp_path / "out", codec)
    before, after = update(), decoded(tmp_path / "out")
    assert {name: v.shape for name, v in after.items()} == SHAPES
    lost = sum(((after[n] - v.astype(np.float64)) ** 2).sum() for n, v in before.items())
    whole = sum((v.astype(np.float64) ** 2).sum() for v in before.values())
    assert done.error == pytest.approx(np.sqrt(lost / whole), rel=1e-9)
    assert done.error <= {"fp32": 0, "bf16": 2**-8, "int8-block": 0.02, "int4-block": 0.2}[codec]
    assert (done.sha256, done.bytes) == (
        hashlib.sha256((tmp_path / "out").read_bytes()).hexdigest(),
        (tmp_path / "out").stat().st_size,
    )
    assert codec_of(tmp_path / "out") == codec


def test_fp32_is_the_update_byte_for_byte(delta, tmp_path):
    encode(delta, tmp_path / "out", "fp32")
    assert (tmp_path / "out").read_bytes() == delta.read_bytes()


@pytest.mark.parametrize("codec", CODECS)
def test_every_codec_is_a_valid_safetensors_file_and_smaller(delta, tmp_path, codec):
    done = encode(delta, tmp_path / "out", codec)
    if codec != "bf16":  # which numpy does not know
        load_file(tmp_path / "out")
    bits = {"fp32": 32, "bf16": 16, "int8-block": 8.25, "int4-block": 4.25}[codec]
    assert done.bytes < sum(v.size for v in update().values()) * bits / 8 + 1500


KNOWN = {
    "bf16": "e031901db7bde908936ce65ed127c4c723979b814f2da84660f8421ae6c8455d",
    "int8-block": "c995f8e945d1ca1861faf91b2697e623a5becfe451379a93ec1e22e3663bd462",
    "int4-block": "14f069d5ffe018f96b0ef9b551aec438cc34afe3c82f2553f09f9881c170c970",
}


@pytest.mark.parametrize("codec", KNOWN)
def test_inv_5_the_hash_of_an_encoded_update_is_known_for_ever(tmp_path, codec):
    values = (np.arange(-700, 700, dtype=np.int64) ** 3 % 1009 - 500).astype(F32) * F32(2**-13)
    save_file({"a": values[:1023].reshape(33, 31), "b": values[1023:]}, tmp_path / "d")
    assert encode(tmp_path / "d", tmp_path / "out", codec).sha256 == KNOWN[codec]


@pytest.mark.parametrize("codec", CODECS[1:])
@pytest.mark.parametrize("chunk", [256, 1024])
def test_the_size_of_the_chunks_changes_no_byte(delta, tmp_path, codec, chunk):
    whole = encode(delta, tmp_path / "out", codec)
    assert encode(delta, tmp_path / "other", codec, chunk=chunk).sha256 == whole.sha256


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(("start", "count"), [(0, 1), (255, 2), (257, 300), (5659, 2), (1, 5660)])
def test_any_stretch_reads_like_the_same_stretch_of_the_whole(delta, tmp_path, codec, start, count):
    encode(delta, tmp_path / "out", codec)
    values = np.empty(count, F32)
    with opened(tmp_path / "out") as file:
        file.read("embed", start, values)
    assert values.tobytes() == decoded(tmp_path / "out")["embed"].ravel()[start : start + count].tobytes()


@given(arrays(F32, st.integers(0, 700), elements=FINITE))
def test_a_block_is_never_further_off_than_half_a_step(values):
    for levels in (127, 7):
        q, scales = to_blocks(values, levels)
        steps = np.repeat(scales, 256)[: values.size].astype(np.float64)
        error = np.abs(from_blocks(q, scales, skip=0).astype(np.float64) - values)
        smallest = levels * 2.0**-149  # below it the scale itself is rounded
        assert (error <= steps * (0.5 + 1e-4) + np.abs(values) * 1e-6 + smallest).all()
        assert np.abs(q).max(initial=0) <= levels


@given(arrays(np.uint32, st.integers(0, 50), elements=st.integers(0, 0x7F7F0000)))
def test_bf16_rounds_to_nearest_and_ties_to_even(bits):
    values = bits.view(F32)
    low, high = bits & np.uint32(0xFFFF0000), (bits & np.uint32(0xFFFF0000)) + np.uint32(0x10000)
    below, above = values.astype(np.float64) - low.view(F32), high.view(F32) - values.astype(np.float64)
    even = (low >> np.uint32(16)) % 2 == 0
    nearest = np.where((below < above) | ((below == above) & even), low, high)
    assert (from_bf16(to_bf16(values)).view(np.uint32) == nearest).all()


@given(arrays(np.int8, st.integers(0, 33), elements=st.integers(-7, 7)))
def test_four_bits_are_packed_and_unpacked(q):
    assert unpack(pack(q))[: q.size].tolist() == q.tolist()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_not_written(tmp_path, value):
    save_file({"w": np.array([1.0, value], F32)}, tmp_path / "d")
    with pytest.raises(CodecError, match="non-finite"):
        encode(tmp_path / "d", tmp_path / "out", "int8-block")
    assert not (tmp_path / "out").exists()


def test_a_value_beyond_bf16_is_not_written(tmp_path):
    save_file({"w": np.array([3.4e38], F32)}, tmp_path / "d")
    with pytest.raises(CodecError, match="value-too-large"):
        encode(tmp_path / "d", tmp_path / "out", "bf16")


def test_updates_of_other_types_and_unknown_codecs_are_refused(delta, tmp_path):
    save_file({"w": np.ones(4, np.float16)}, tmp_path / "half")
    with pytest.raises(CodecError, match="dtype-mismatch"):
        encode(tmp_path / "half", tmp_path / "out", "bf16")
    with pytest.raises(CodecError, match="codec-unknown"):
        encode(delta, tmp_path / "out", "zip")
    save_file({"w:scales": np.ones(4, F32)}, tmp_path / "named")
    with pytest.raises(CodecError, match="name-taken"):
        encode(tmp_path / "named", tmp_path / "out", "int8-block")


def test_an_update_of_zeros_costs_nothing(tmp_path):
    save_file({"w": np.zeros(300, F32)}, tmp_path / "d")
    for codec in CODECS:
        assert encode(tmp_path / "d", tmp_path / "out", codec).error == 0.0
        assert not decoded(tmp_path / "out")["w"].any()


Q8, SCALE = np.ones(300, np.int8), np.ones(2, F32)
HOSTILE = {
    "codec-unknown": ({"w": Q8}, {"codec": "zip"}),
    "dtype-mismatch": ({"w": Q8.astype(np.int16), "w:scales": SCALE}, {"codec": "int8-block"}),
    "scales-malformed": ({"w": Q8, "w:scales": SCALE[:1]}, {"codec": "int8-block"}),
    "scales-malformed ": ({"w": Q8}, {"codec": "int8-block"}),
    "scales-malformed  ": ({"w": Q8, "w:scales": SCALE, "v:scales": SCALE}, {"codec": "int8-block"}),
    "scales-malformed   ": ({"w": Q8, "w:scales": SCALE * np.nan}, {"codec": "int8-block"}),
    "scales-malformed    ": ({"w": Q8, "w:scales": -SCALE}, {"codec": "int8-block"}),
    "payload-malformed": ({"w": Q8 * -128, "w:scales": SCALE}, {"codec": "int8-block"}),
    "payload-malformed ": ({"w": Q8.view(np.uint8), "w:scales": SCALE}, {"codec": "int4-block"}),
    "payload-malformed  ": (
        {"w": Q8.view(np.uint8), "w:scales": SCALE},
        {"codec": "int4-block", "shapes": '{"w":[300]}'},
    ),
    "payload-malformed   ": (
        {"w": np.zeros(150, np.uint8), "w:scales": SCALE},
        {"codec": "int4-block", "shapes": '{"w":[300]}'},
    ),
    "payload-malformed    ": (
        {"w": np.full(150, 0x99, np.uint8), "w:scales": SCALE},
        {"codec": "int4-block", "shapes": '{"w":[299]}'},
    ),
    "payload-malformed     ": ({}, {"codec": "int4-block", "shapes": '{"w":[0]}'}),
    "payload-malformed      ": ({}, {"codec": "int4-block", "shapes": "[" * 100_000}),
}


@pytest.mark.parametrize("code", HOSTILE)
def test_files_that_no_encoder_writes_are_refused(tmp_path, code):
    tensors, metadata = HOSTILE[code]
    save_file(tensors, tmp_path / "f", metadata)
    with pytest.raises(CodecError) as refused:
        decoded(tmp_path / "f")
    assert refused.value.code == code.strip()


def test_the_distance_of_two_updates_is_relative_to_the_second(tmp_path, delta):
    encode(delta, tmp_path / "rounded", "int8-block")
    told = encode(delta, tmp_path / "again", "int8-block").error
    assert distance(tmp_path / "rounded", delta) == pytest.approx(told, rel=1e-9)
    assert distance(delta, delta) == 0.0


def test_memory_is_flat_whatever_the_size_of_the_tensor(tmp_path):
    save_file({"w": np.full(4_000_000, 0.01, F32)}, tmp_path / "d")
    tracemalloc.start()
    encode(tmp_path / "d", tmp_path / "out", "int4-block", chunk=1 << 16)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 2**20
