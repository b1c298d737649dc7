"""Windows of the day, in the member's own time zone."""

from datetime import UTC, datetime

import pytest

from training.node.policy.hours import is_within, read_window


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-09-01T{clock}:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("windows", "clock", "within"),
    [
        ([], "03:00", True),
        (["09:00-17:00"], "09:00", True),
        (["09:00-17:00"], "17:00", False),
        (["22:00-06:00"], "23:30", True),
        (["22:00-06:00"], "05:59", True),
        (["22:00-06:00"], "06:00", False),
        (["18:00-24:00"], "23:59", True),
        (["09:00-10:00", "20:00-21:00"], "20:30", True),
    ],
)
def test_a_moment_lies_in_a_window_or_not(windows, clock, within):
    assert is_within(windows, at(clock), "UTC") is within


def test_the_window_is_of_the_members_own_clock():
    assert is_within(["22:00-06:00"], at("04:00"), "America/Lima")  # 23:00 there
    assert not is_within(["22:00-06:00"], at("12:00"), "America/Lima")  # 07:00 there


@pytest.mark.parametrize("text", ["9-17", "09:00", "24:00-03:00", "09:60-10:00", "09:00-25:00"])
def test_what_is_no_window_is_said(text):
    with pytest.raises(ValueError, match="HH:MM-HH:MM"):
        read_window(text)
