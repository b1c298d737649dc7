"""Part files of ranges, joined, are the file that one merge writes."""

import pytest

from tests.training.merge.models import ELEMENTS, write, write_updates
from training.merge import merge
from training.merge.inputs import opened_inputs
from training.merge.merging import concluded
from training.merge.plan import plan_merge
from training.merge.ranges import join, ranges_of, write_part
from training.merge.resolving import resolve
from training.merge.sums import total
from training.tensors import LayoutError

ADAM = {"server": {"name": "adam"}}


@pytest.fixture
def files(tmp_path):
    return write(tmp_path / "base", 0), write_updates(tmp_path)


def parts_of(plan, folder, count):
    sums, weights, states = [], [], []
    with opened_inputs(plan) as inputs:
        resolved = resolve(plan, inputs.elements, {})
        for number, span in enumerate(ranges_of(inputs.elements, count)):
            weights.append(folder / f"part{number}")
            states.append(folder / f"state{number}")
            sums.append(write_part(inputs, resolved, span, weights[-1], states[-1]))
    return resolved, total(sums), weights, states


def test_inv_5_joined_parts_are_the_merge(files, tmp_path):
    plan = plan_merge(*files, **ADAM)
    resolved, sums, parts, states = parts_of(plan, tmp_path, 3)
    joined = join(plan, parts, tmp_path / "next", state_parts=states, state_out=tmp_path / "state")
    whole = merge(*files, tmp_path / "whole", state_out=tmp_path / "s", **ADAM)
    made = concluded(plan, resolved, sums, sha256=joined.sha256, size=joined.bytes)
    assert (joined.sha256, joined.state_sha256) == (whole.sha256, whole.state_sha256)
    assert made.sign_agreement.tolist() == whole.sign_agreement.tolist()
    assert made.retained == pytest.approx(whole.retained)


@pytest.mark.parametrize(("parts", "code"), [(slice(2), "truncated"), ([0, 1, 2, 2], "size-mismatch")])
def test_a_base_with_a_part_too_few_or_too_many_is_never_there(files, tmp_path, parts, code):
    plan = plan_merge(*files)
    written = parts_of(plan, tmp_path, 3)[2]
    given = written[parts] if isinstance(parts, slice) else [written[number] for number in parts]
    with pytest.raises(LayoutError, match=code):
        join(plan, given, tmp_path / "next")
    assert not list(tmp_path.glob("*next*"))


@pytest.mark.parametrize("count", [1, 3, ELEMENTS + 5])
def test_ranges_are_all_elements_once(count):
    spans = ranges_of(ELEMENTS, count)
    assert [number for span in spans for number in range(*span)] == list(range(ELEMENTS))
