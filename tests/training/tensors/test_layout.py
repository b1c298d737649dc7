"""Reading layouts: what the reference writer makes is read, and hostile headers are refused by name."""

import contextlib
import json
import os
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from training.tensors import MAX_HEADER_BYTES, LayoutError, TensorLayout


def entry(begin, end, *, dtype="F32", shape=None):
    return {
        "dtype": dtype,
        "shape": [(end - begin) // 4] if shape is None else shape,
        "data_offsets": [begin, end],
    }


def write(path, header, data=b"", *, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text + data)
    return path


def code_of(path):
    with pytest.raises(LayoutError) as refused:
        TensorLayout.read(path)
    return refused.value.code


def test_a_file_of_the_reference_writer_is_read_as_it_was_meant(tmp_path):
    path = tmp_path / "reference.safetensors"
    arrays = {
        "b": np.arange(6, dtype=np.float32).reshape(2, 3),
        "a": np.ones(3, np.int64),
        "s": np.array(7.0),
    }
    save_file(arrays, path, metadata={"format": "np"})
    layout = TensorLayout.read(path)
    data = path.read_bytes()[layout.data_start :]
    assert layout.metadata == {"format": "np"}
    for name, array in arrays.items():
        tensor = layout.by_name[name]
        assert tensor.shape == array.shape
        assert data[tensor.begin : tensor.end] == array.tobytes()


def test_an_open_descriptor_is_read_and_left_open(tmp_path):
    path = write(tmp_path / "f", {"a": entry(0, 8)}, bytes(8))
    descriptor = os.open(path, os.O_RDONLY)
    assert TensorLayout.read(descriptor) == TensorLayout.read(path)
    os.close(descriptor)


def test_a_layout_of_no_tensors_and_one_of_empty_tensors_are_legal(tmp_path):
    assert TensorLayout.read(write(tmp_path / "none", {})).tensors == ()
    hollow = TensorLayout.read(
        write(tmp_path / "hollow", {"a": entry(0, 0, shape=[0, 5]), "b": entry(0, 4)}, bytes(4))
    )
    assert [tensor.elements for tensor in hollow.tensors] == [0, 1]


HOSTILE = {
    "overlap": ({"a": entry(0, 8), "b": entry(4, 12)}, 12, "overlap"),
    "same bytes twice": ({"a": entry(0, 8), "b": entry(0, 8)}, 8, "overlap"),
    "gap": ({"a": entry(0, 4), "b": entry(8, 12)}, 12, "gap"),
    "gap at the start": ({"a": entry(4, 8)}, 8, "gap"),
    "bytes after the last": ({"a": entry(0, 4)}, 8, "size-mismatch"),
    "data cut off": ({"a": entry(0, 16)}, 8, "truncated"),
    "shape lies": ({"a": entry(0, 8, shape=[3])}, 8, "size-mismatch"),
    "shape overflows": ({"a": entry(0, 8, shape=[2**62, 2**62])}, 8, "size-mismatch"),
    "backward range": ({"a": entry(8, 0, shape=[2])}, 8, "size-mismatch"),
    "unknown type": ({"a": entry(0, 8, dtype="F31")}, 8, "unknown-dtype"),
    "type is a list": ({"a": entry(0, 8, dtype=["F32"])}, 8, "unknown-dtype"),
    "negative size": ({"a": entry(0, 8, shape=[-2])}, 8, "bad-entry"),
    "size is true": ({"a": entry(0, 4, shape=[True])}, 4, "bad-entry"),
    "endless rank": ({"a": entry(0, 4, shape=[1] * 65)}, 4, "bad-entry"),
    "size beyond 64 bits": ({"a": entry(0, 4, shape=[2**64])}, 4, "bad-entry"),
    "three offsets": ({"a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4, 4]}}, 4, "bad-entry"),
    "unexpected key": ({"a": entry(0, 4) | {"code": "x"}}, 4, "bad-entry"),
    "entry is a number": ({"a": 5}, 0, "bad-entry"),
    "metadata not strings": ({"__metadata__": {"k": 1}}, 0, "bad-entry"),
    "name twice": (b'{"a":1,"a":2}', 0, "duplicate-name"),
    "NaN": (b'{"a":NaN}', 0, "header-not-json"),
    "fraction": (b'{"a":0.5}', 0, "header-not-json"),
    "cut JSON": (b'{"a":', 0, "header-not-json"),
    "not UTF-8": (b'{"\xff":1}', 0, "header-not-json"),
    "lone surrogate": (b'{"\\ud800":1}', 0, "header-not-json"),
    "a list": (b"[]", 0, "header-not-json"),
    "leading space": (b" {}", 0, "header-not-json"),
    "deep nesting": (b'{"a":' + b"[" * 200_000, 0, "header-not-json"),
    "a number of 5,000 digits": (b'{"a":' + b"9" * 5000 + b"}", 0, "header-not-json"),
}


@pytest.mark.parametrize(("header", "data_bytes", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_header_is_refused_by_its_code(tmp_path, header, data_bytes, code):
    assert code_of(write(tmp_path / "f", header, bytes(data_bytes))) == code


def test_the_header_is_bounded_before_it_is_read(tmp_path):
    assert code_of(write(tmp_path / "huge", b"{}", length=MAX_HEADER_BYTES + 1)) == "header-too-large"
    assert code_of(write(tmp_path / "beyond", b"{}", length=3)) == "truncated"
    with pytest.raises(LayoutError, match="header-too-large"):
        TensorLayout.read(write(tmp_path / "f", {"a": entry(0, 4)}, bytes(4)), max_header_bytes=8)


@pytest.mark.parametrize("content", [b"", b"1234567", bytes(8)])
def test_a_file_too_short_for_a_header_is_refused(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    assert code_of(tmp_path / "f") in {"truncated", "header-not-json"}


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_never_taken_for_tensors(tmp_path, protocol):
    (tmp_path / "f").write_bytes(pickle.dumps({"weights": [1.0] * 200}, protocol=protocol))
    assert code_of(tmp_path / "f") == "not-safetensors"


def test_zip_and_numpy_files_are_never_taken_for_tensors(tmp_path):
    with zipfile.ZipFile(tmp_path / "f.pt", "w") as archive:
        archive.writestr("data.pkl", "x")
    np.save(tmp_path / "f.npy", np.zeros(3))
    assert {code_of(tmp_path / "f.pt"), code_of(tmp_path / "f.npy")} == {"not-safetensors"}


def test_a_true_header_whose_length_looks_like_a_pickle_is_read(tmp_path):
    text = b"{}" + b" " * (0x280 - 2)
    assert TensorLayout.read(write(tmp_path / "f", text)).data_start == 8 + 0x280


@given(st.binary(max_size=200))
def test_no_content_makes_the_reader_fail_in_another_way(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "f"
    path.write_bytes(len(content).to_bytes(8, "little") + b"{" + content)
    with contextlib.suppress(LayoutError):
        assert TensorLayout.read(path).data_bytes >= 0
