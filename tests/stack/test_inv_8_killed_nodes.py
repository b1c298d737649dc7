"""INV-8: both nodes are killed with -9 while they train. Nothing is lost, nothing counts twice."""

import time
from contextlib import suppress
from typing import NamedTuple

import psutil
import pytest

pytestmark = pytest.mark.stack
NODES = ["andes-cusco", "mekong-hanoi"]  # a sovereign one with a queue of its own, and an attached one


class Deaths(NamedTuple):
    """The round in which both nodes died, and what each had started: the trainers by their command lines."""

    number: int
    started: list[psutil.Process]
    commands: list[str]


@pytest.fixture(scope="module")
def deaths(running) -> Deaths:
    number = running.play_round(steps=150)
    running.trains(number)
    before = {node: running.returned(f"node-{node}") for node in NODES}
    started = [child for node in NODES for child in running.process(f"node-{node}").children(recursive=True)]
    commands = [" ".join(process.cmdline()) for process in started]
    died = time.monotonic()
    for node in NODES:
        running.kill_part(f"node-{node}")
    for node in NODES:
        running.until(lambda node=node: running.returned(f"node-{node}") > before[node], 30, "it is back")
    running.note("both nodes killed in training, until both run again", died)
    running.until(lambda: all(trainers_of(running, node) for node in NODES), 120, "both train again")
    running.note("both nodes killed in training, until both train again", died)
    running.closes(number)
    running.note("both nodes killed in training, until the round is closed", died)
    return Deaths(number, started, commands)


def trainers_of(running, node) -> list[psutil.Process]:
    """What a node has started to train with; nothing while it is away."""
    with suppress(psutil.NoSuchProcess, AssertionError):
        children = running.process(f"node-{node}").children(recursive=True)
        return [child for child in children if "training.node.learning.trainer" in child.cmdline()]
    return []


def test_inv_8_each_job_ends_well_with_one_contribution(running, deaths):
    for job in running.jobs(deaths.number):
        assert (job.state, job.contributions) == ("succeeded", ["merged"])
        assert job.attempt <= 2  # the same one, unless its lease ran out meanwhile


def test_inv_8_no_trainer_outlives_the_node_that_started_it(deaths):
    assert sum("training.node.learning.trainer" in command for command in deaths.commands) == 2
    assert not any(process.is_running() for process in deaths.started)


def test_inv_8_both_nodes_measure_the_bases_afterwards(running, deaths):
    jobs = running.jobs(deaths.number, "evaluation")
    assert [(job.node, job.state) for job in jobs] == [(node, "succeeded") for node in NODES]


@pytest.mark.parametrize("node", NODES)
def test_inv_8_up_tells_of_a_nodes_death_and_of_its_return(running, deaths, node):
    assert running.said(f"node-{node} ended (signal SIGKILL)")
    assert running.said(f"node-{node} is running again (process ")
