"""A node's own policy wins over every manifest: the round goes on without it, for all to see."""

import pytest

pytestmark = pytest.mark.stack
STRICT, WILLING = "andes-cusco", "mekong-hanoi"
FORBIDDEN = "udhr-official-languages"


@pytest.fixture(scope="module")
def number(running) -> int:
    """A round in which one node's policy forbids a dataset that the coordinator asks it to use."""
    running.no_round_runs()
    policy = running.var / "nodes" / STRICT / "policy.toml"
    before = policy.read_text("utf-8")
    policy.write_text(before.replace("forbidden_datasets = []", f'forbidden_datasets = ["{FORBIDDEN}"]'))
    try:
        played = running.play_round(steps=5)
        running.closes(played)
    finally:
        policy.write_text(before)
    return played


def test_the_node_refuses_by_itself_and_says_why(running, number):
    strict, _ = running.jobs(number)
    assert (strict.node, strict.state, strict.reason_code) == (STRICT, "refused", "node-policy-dataset")
    assert (strict.attempt, strict.contributions) == (0, [])


def test_the_round_closes_with_the_contribution_of_the_other(running, number):
    _, willing = running.jobs(number)
    assert (willing.node, willing.state, willing.contributions) == (WILLING, "succeeded", ["merged"])


def test_the_log_keeps_the_refusal_under_the_nodes_own_name(running, number):
    refused = running.rows(
        "SELECT event.outcome, event.reason_codes FROM provenance_event event"
        " JOIN training_job job ON event.subject = 'job:' || job.id"
        " JOIN training_round round ON round.id = job.round_id"
        " WHERE round.number = %s AND job.kind = 'contributed-cpt' AND event.action = 'job.refused'",
        number,
    )
    assert refused == [("denied", ["node-policy-dataset"])]
