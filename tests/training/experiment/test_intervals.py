"""Intervals over few seeds."""

import pytest

from training.experiment.intervals import Interval, interval


def test_three_values_have_students_interval_with_two_degrees_of_freedom():
    found = interval([1.0, 2.0, 3.0])
    assert found.mean == 2
    assert found.half == pytest.approx(4.303 / 3**0.5)
    assert found.text == "2.00 ± 2.48"


def test_one_value_has_none():
    assert interval([1.5]).text == "1.50"


def test_intervals_overlap_where_they_have_figures_in_common():
    near, far = Interval(2.42, 0.03), Interval(2.60, 0.03)
    wide = Interval(2.40, 0.11)
    assert wide.overlaps(near)
    assert near.overlaps(wide)
    assert not wide.overlaps(far)
    assert not wide.overlaps(Interval(2.40, None))
