"""What can be moved at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.governance.models import MotionKind
from catalog.governance.services import move
from catalog.governance.settings import SETTINGS
from provenance.errors import Conflict, DomainError, Invalid


def refused(house, kind=MotionKind.SETTING, error: type[DomainError] = Invalid, reason="Why not.", **change):
    with pytest.raises(error) as caught:
        move(actor=house.maintainers[0], kind=kind, change=change, reason=reason)
    return caught.value


@pytest.mark.parametrize("value", [1, 51, True, "3", 2.5, None])
def test_a_value_outside_its_bounds_is_refused(house, value):
    assert "value" in refused(house, key="review.quorum", value=value).fields


def test_a_quorum_that_nobody_could_reach_is_refused(house):
    assert refused(house, key="review.quorum", value=5).code == "value-unreachable"
    assert house.move(value=4).change["value"] == 4


def test_what_is_in_force_already_is_refused(house):
    assert refused(house, error=Conflict, key="review.quorum", value=2).code == "nothing-changes"


def test_an_unknown_rule_and_an_unknown_field_are_refused(house):
    assert refused(house, key="review.colour", value=2).code == "setting-unknown"
    assert refused(house, key="review.quorum", value=3, now=True).fields.keys() == {"now"}


def test_a_motion_says_why(house):
    assert refused(house, reason=" ", key="review.quorum", value=3).code == "reason-missing"


def test_steps_are_kept(house):
    assert refused(house, key="weighting.influence_cap", value=33).code == "value-out-of-range"


@given(key=st.sampled_from(sorted(SETTINGS)), value=st.integers(-10, 200))
def test_a_setting_allows_what_lies_on_its_steps_between_its_bounds(key, value):
    setting = SETTINGS[key]
    assert setting.allows(value) == (value in range(setting.least, setting.most + 1, setting.step))
    assert setting.allows(setting.default)
