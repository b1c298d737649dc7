"""What a node has used is counted on its own disk, and a budget that is used up holds its jobs."""

from datetime import UTC, datetime, timedelta

import pytest

from training.node.errors import Held
from training.node.home import NodeHome
from training.node.policy.budgets import Ledger, beginnings, used_up
from training.node.policy.holding import check_times
from training.node.policy.local_policy import LocalPolicy

NOW = datetime(2026, 9, 15, 3, 0, tzinfo=UTC)


def policy(**changes):
    return LocalPolicy(purposes=frozenset(), datasets=[], **changes)


def test_what_was_used_adds_up_over_restarts(tmp_path):
    Ledger(tmp_path).add("a", seconds=1.5, tokens=100)
    Ledger(tmp_path).add("b", seconds=2, joules=7)
    used = Ledger(tmp_path).since(datetime.now(UTC) - timedelta(minutes=1))
    assert (used.seconds, used.tokens, used.joules, used.bytes_out) == (3.5, 100, 7, 0)


def test_a_line_that_a_death_cut_short_costs_that_line_only(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add("a", tokens=5)
    with ledger.path.open("a") as file:
        file.write('{"at": "2026-09-')
    assert ledger.since(NOW - timedelta(days=10_000)).tokens == 5


def test_a_day_begins_at_midnight_of_the_time_zone():
    begins = beginnings(NOW, "America/Lima")  # 22:00 of the 14th there
    assert begins["day"].isoformat() == "2026-09-14T00:00:00-05:00"
    assert begins["month"].isoformat() == "2026-09-01T00:00:00-05:00"


@pytest.mark.parametrize(
    ("budget", "tokens", "says"),
    [
        ({}, 10**9, ""),
        ({"day": {"tokens": 1000}}, 900, ""),
        ({"day": {"tokens": 1000}}, 901, "100 of 1,000 tokens a day are used"),
        ({"month": {"seconds": 60}}, 0, "60 of 60 s a month are used"),
        ({"month": {"bytes_out": 5}, "day": {"joules": 9}}, 0, ""),
    ],
)
def test_a_budget_has_room_or_says_why_not(tmp_path, budget, tokens, says):
    ledger = Ledger(tmp_path)
    ledger.add("a", seconds=60, tokens=100)
    assert used_up(ledger, policy(budget=budget), now=datetime.now(UTC), tokens=tokens) == says


def test_an_old_day_does_not_count_and_a_clock_that_ran_ahead_does(tmp_path):
    ledger, now = Ledger(tmp_path), datetime.now(UTC)
    days = [now - timedelta(days=40), now + timedelta(days=2)]
    ledger.path.write_text("".join(f'{{"at": "{day.isoformat()}", "tokens": 7}}\n' for day in days))
    assert ledger.since(now - timedelta(days=1)).tokens == 7


def test_a_used_up_budget_holds_work_and_names_itself(home_folder):
    Ledger(home_folder).add("a", seconds=11)
    with pytest.raises(Held, match="11 of 10 s a day") as held:
        check_times(NodeHome(home_folder), policy(budget={"day": {"seconds": 10}}))
    assert held.value.code == "budget-used-up"


def test_outside_the_hours_work_is_held_and_not_refused(home_folder):
    now = datetime.now(UTC)
    window = f"{now + timedelta(hours=2):%H}:00-{now + timedelta(hours=3):%H}:00"
    with pytest.raises(Held) as held:
        check_times(NodeHome(home_folder), policy(hours=[window]))
    assert held.value.code == "outside-hours"
