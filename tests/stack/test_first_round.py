"""What a first start gives without a hand's turn: a round of its own, traced and measured."""

import pytest

pytestmark = pytest.mark.stack
FIRST = 1
NODES = ["andes-cusco", "mekong-hanoi"]


@pytest.fixture(autouse=True)
def _played(running):
    running.closes(FIRST)


def test_it_closes_by_itself_while_the_site_already_answers(running):
    [(opened, closed, number)] = running.rows(
        "SELECT opened_at, closed_at, base.number FROM training_round round"
        " JOIN training_checkpoint base ON base.id = round.result_id WHERE round.number = %s",
        FIRST,
    )
    running.figures["first round, from opened to closed"] = (closed - opened).total_seconds()
    assert running.first_answer < closed
    assert number == 1


def test_each_training_job_gave_exactly_one_contribution_and_it_was_merged(running):
    jobs = running.jobs(FIRST)
    assert [(job.node, job.state, job.attempt) for job in jobs] == [(node, "succeeded", 1) for node in NODES]
    assert all(job.contributions == ["merged"] for job in jobs)


def test_both_nodes_have_measured_both_bases(running):
    measured = running.rows(
        "SELECT DISTINCT node.slug, base.number FROM training_evaluation evaluation"
        " JOIN training_job job ON job.id = evaluation.job_id"
        " JOIN training_node node ON node.id = job.node_id"
        " JOIN training_round round ON round.id = job.round_id"
        " JOIN training_checkpoint base ON base.id = evaluation.checkpoint_id WHERE round.number = %s",
        FIRST,
    )
    assert set(measured) == {(node, number) for node in NODES for number in (0, 1)}


def test_the_terminal_tells_the_address_and_a_password_that_opens_the_door(running):
    assert running.said(f"Tapestry Catalog is ready: {running.url}/")
    signs_in = (
        "from django.contrib.auth import authenticate; "
        f"print(authenticate(email='minh@mekong.example', password={running.password!r}) is not None)"
    )
    assert running.manage("shell", "--no-imports", "-c", signs_in).strip() == "True"


def test_its_errand_ends_and_is_not_played_again(running):
    running.until(lambda: running.said("first-round ended (exit code 0)"), 60, "the errand has ended")
    assert running.manage("play_round", "--only-first") == ""
