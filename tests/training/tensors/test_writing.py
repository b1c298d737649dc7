"""Writing headers: equal tensors give equal bytes, and the reference library reads them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load, save

from training.tensors import DTYPES, LayoutError, TensorLayout, TensorSpec, write_header

specs = st.lists(
    st.builds(
        TensorSpec,
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(
            lambda name: name != "__metadata__"
        ),
        st.sampled_from(["F64", "F32", "F16", "I64", "U8", "BOOL"]),
        st.lists(st.integers(0, 4), max_size=3).map(tuple),
    ),
    max_size=6,
    unique_by=lambda spec: spec.name,
)


@given(specs, st.randoms())
def test_the_order_in_which_tensors_are_named_does_not_matter(tensors, random):
    shuffled = random.sample(tensors, len(tensors))
    assert write_header(shuffled, {"b": "2", "a": "1"}) == write_header(tensors, {"a": "1", "b": "2"})


@given(specs)
def test_the_reference_library_reads_every_header_and_every_tensor_is_aligned(tensors):
    header, layout = write_header(tensors)
    assert set(load(header + bytes(layout.data_bytes))) == {spec.name for spec in tensors}
    assert layout.data_start == len(header)
    assert len(header) % 8 == 0
    assert all(tensor.begin % tensor.dtype.itemsize == 0 for tensor in layout.tensors)


@given(specs)
def test_what_was_written_is_what_is_read(tmp_path_factory, tensors):
    header, layout = write_header(tensors, {"note": "é"})
    path = tmp_path_factory.mktemp("written") / "f"
    path.write_bytes(header + bytes(layout.data_bytes))
    read = TensorLayout.read(path)
    assert read == layout
    assert read.same_places(layout)


def test_for_one_type_the_bytes_are_those_of_the_reference_library():
    arrays = {
        name: np.zeros(shape, np.float32) for name, shape in {"w": (2, 3), "b": (3,), "a.w": ()}.items()
    }
    header, layout = write_header(
        (TensorSpec(name, "F32", a.shape) for name, a in arrays.items()), {"k": "ü"}
    )
    assert header + bytes(layout.data_bytes) == save(arrays, metadata={"k": "ü"})


@pytest.mark.parametrize(
    ("tensors", "code"),
    [
        ([TensorSpec("a", "F32", ()), TensorSpec("a", "F16", ())], "duplicate-name"),
        ([TensorSpec("__metadata__", "F32", ())], "duplicate-name"),
        ([TensorSpec("a", "float32", ())], "unknown-dtype"),
    ],
)
def test_what_cannot_be_read_back_is_not_written(tensors, code):
    with pytest.raises(LayoutError, match=code):
        write_header(tensors)


def test_the_largest_value_of_each_floating_type_is_the_true_one():
    for name, numpy_type in {"F16": np.float16, "F32": np.float32, "F64": np.float64}.items():
        assert DTYPES[name].largest == float(np.finfo(numpy_type).max)
