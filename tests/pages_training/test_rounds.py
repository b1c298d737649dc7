"""A round as it lives: the sentence, the fragment that polls and stops, the cost of a look."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.members.models import Role
from tests.factories import make_actor, make_person
from tests.pages_training.conftest import collecting_with
from training.jobs.models import JobMetric
from training.pages.curves import MOST_POINTS, curves_of
from training.pages.rounds.quantities import limits_in_words
from training.rounds.models import Round
from training.rounds.opening import abandon_round
from training.rounds.plan import TrainingPlan

pytestmark = pytest.mark.django_db


def live(client, loom):
    return client.get(f"/rounds/{loom.round.pk}/live/").content.decode()


def test_the_fragment_polls_while_the_round_runs(loom, client):
    text = live(client, loom)
    assert 'hx-trigger="every 2s"' in text
    assert 'data-announce="Reviewing. One contribution waits' in text


def test_the_fragment_stops_polling_when_the_round_has_ended(closed, client):
    text = live(client, closed)
    assert "every 2s" not in text
    assert "one contribution became" in text


def test_the_fragment_brings_the_sentence_to_its_place(loom, client):
    assert 'id="round-now" hx-swap-oob="true"' in " ".join(live(client, loom).split())


def test_the_home_page_sees_the_running_round_only(loom, client):
    assert "Being woven now" in client.get("/rounds/current/").content.decode()
    abandon_round(make_actor("elders", Role.MAINTAINER), loom.round, "The data were withdrawn.")
    assert client.get("/rounds/current/").content == b""


def test_the_home_page_names_the_newest_base_and_no_candidate(loom, client):
    loom.round.refresh_from_db()
    text = client.get("/").content.decode()
    assert f'href="/checkpoints/{loom.round.base.digest}/">{loom.round.base.label}</a>' in text
    assert loom.round.candidate.digest not in text


def test_the_home_page_calls_a_base_that_was_a_candidate_by_its_own_name(closed, client):
    closed.round.refresh_from_db()
    made = closed.round.result
    assert f'href="/checkpoints/{made.digest}/">{made.label}</a>' in client.get("/").content.decode()


def test_an_abandoned_round_says_why(loom, client):
    abandon_round(make_actor("elders", Role.MAINTAINER), loom.round, "The data were withdrawn.")
    text = client.get(loom.round.get_absolute_url()).content.decode()
    assert "The cause: The data were withdrawn." in text
    assert "every 2s" not in text


@pytest.mark.usefixtures("known_terms")
def test_a_look_costs_the_same_with_two_nodes_and_with_six(dataset, client):
    costs = []
    for count in (2, 4):  # the first two work for the second round as well
        loom = collecting_with(count)
        with CaptureQueriesContext(connection) as queries:
            text = live(client, loom)
        assert text.count("Readings and log") == loom.round.jobs.count()
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


@pytest.mark.usefixtures("known_terms")
def test_the_list_of_nodes_costs_the_same_with_two_nodes_and_with_six(dataset, client):
    costs = []
    for count in (2, 4):
        collecting_with(count)
        with CaptureQueriesContext(connection) as queries:
            client.get("/nodes/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("count", [1, 119, 120, 121, 1000])
def test_a_curve_is_thinned_in_the_database_and_keeps_both_ends(loom, count):
    readings = [JobMetric(job=loom.job, attempt=1, step=step, loss=1 / step) for step in range(1, count + 1)]
    JobMetric.objects.bulk_create(readings)
    steps = [point.step for point in curves_of([loom.job])[loom.job.pk].points]
    assert len(steps) <= MOST_POINTS
    assert (steps[0], steps[-1]) == (1, count)
    assert steps == sorted(set(steps))


def test_readings_of_an_attempt_that_died_are_not_mixed_in(loom):
    JobMetric.objects.create(job=loom.job, attempt=9, step=1, loss=1)
    assert curves_of([loom.job]) == {}


def test_log_lines_are_for_the_consortium(loom, browser):
    loom.job.log.create(attempt=1, text="1708 paragraphs, on cpu")
    address = f"/rounds/{loom.round.pk}/jobs/{loom.job.pk}/"
    assert "1708 paragraphs" not in browser("anonymous").get(address).content.decode()
    assert "1708 paragraphs" in browser("researcher").get(address).content.decode()


def test_htmx_gets_the_readings_without_the_page(loom, client):
    address = f"/rounds/{loom.round.pk}/jobs/{loom.job.pk}/"
    text = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert "every 5s" not in text  # the job has ended


FORM = {
    "steps": 20,
    "batch_size": 4,
    "sequence_length": 64,
    "learning_rate": 0.003,
    "warmup_steps": 5,
    "weight_decay": 0.01,
    "seed": 1,
    "held_out_every": 10,
    "limit_seconds": 60,
    "limit_mebibytes": 512,
    "evaluation_seconds": 60,
    "quorum": 2,
    "minimum_contributions": 1,
    "hours": "",
    "mode": "synchronous",
    "most_stale": 0,
    "accumulation": 2,
    "mixture": "equal",
    "method": "full",
    "dtype": "fp32",
    "codec": "int8-block",
    "deterministic": "on",
    "checkpoint_every": 0,
    "hooks": ["curve", "memory"],
}
LORA = {"method": "lora", "lora_rank": 8, "lora_alpha": 16, "lora_targets": ["q_proj", "v_proj"]}


def post_round(client, loom, **changes):
    return client.post("/rounds/new/", {**FORM, "family": loom.round.family.slug, **changes})


def test_a_maintainer_opens_a_round(closed, browser):
    response = post_round(browser("other_maintainer"), closed)
    opened = Round.objects.latest("pk")
    assert response.url == opened.get_absolute_url()
    assert opened.base == closed.round.result
    plan = TrainingPlan.model_validate(opened.plan)
    assert (plan.steps, plan.limits.memory_bytes, plan.codec) == (20, 512 * 2**20, "int8-block")
    assert (plan.accumulation, plan.mixture, plan.hooks, plan.lora) == (2, "equal", ("curve", "memory"), None)


def test_adapters_and_an_open_window_are_asked_for(closed, browser):
    client = browser("other_maintainer")
    post_round(client, closed, **LORA, mode="asynchronous", most_stale=2, hours=30)
    opened = Round.objects.latest("pk")
    assert opened.plan["lora"] == {"rank": 8, "alpha": 16, "targets": ["q_proj", "v_proj"]}
    assert (opened.mode, opened.most_stale) == ("asynchronous", 2)
    assert timedelta(hours=29) < opened.deadline - timezone.now() <= timedelta(hours=30)
    text = client.get(opened.get_absolute_url()).content.decode()
    assert "adapters of rank 8, alpha 16" in text
    assert "starts at most 2 bases old" in text


def test_a_refused_round_keeps_what_was_entered(loom, browser):
    response = post_round(browser("other_maintainer"), loom, steps=33)
    assert response.status_code == 422
    assert "Wait until it has ended, or abandon it." in response.content.decode()
    assert 'value="33"' in response.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"warmup_steps": 21},
        {"steps": 0},
        {"learning_rate": "nan"},
        {"seed": 2**70},
        {"family": "nothing"},
        {"hours": 10_000},
        {"hours": "\x00"},
        {"mode": "whenever"},
        {"codec": "int2"},
        {"hooks": ["shell"]},
        {"lora_rank": "", "method": "lora"},
        {"lora_targets": ["eyes"]},
        {"teacher": "0" * 64},
    ],
)
def test_a_wrong_number_is_told_at_its_field(closed, browser, wrong):
    response = post_round(browser("other_maintainer"), closed, **wrong)
    assert response.status_code == 422
    assert next(iter(wrong)) in response.context["form"].errors


@pytest.mark.parametrize("address", ["/rounds/new/", "/rounds/{}/abandon/"])
def test_only_maintainers_open_and_abandon(loom, browser, address):
    address = address.format(loom.round.pk)
    assert browser("anonymous").get(address).status_code == 302
    assert browser("researcher").get(address).status_code == 403
    assert browser("researcher").post(address, {**FORM, "cause": "no"}).status_code == 403
    assert browser("other_maintainer").get(address).status_code == 200


def test_a_round_is_abandoned_with_its_cause(loom, browser):
    client = browser("other_maintainer")
    address = f"/rounds/{loom.round.pk}/abandon/"
    assert client.post(address, {"cause": " "}).status_code == 422
    assert client.post(address, {"cause": "A node is offline."}).status_code == 302
    loom.round.refresh_from_db()
    assert (loom.round.state, loom.round.waiting_for) == ("abandoned", "A node is offline.")
    assert client.post(address, {"cause": "Again."}).status_code == 422


def test_nothing_is_left_to_abandon_of_a_round_that_is_over(closed, browser):
    text = browser("other_maintainer").get(f"/rounds/{closed.round.pk}/abandon/").content.decode()
    assert "round 1 is over" in text
    assert "stays the newest" not in text


def test_pages_name_a_family_and_not_its_identifier(closed, client):
    text = client.get(closed.round.get_absolute_url()).content.decode()
    assert closed.round.base.label in text
    assert str(closed.round.base) not in text


def test_a_job_says_how_its_loss_went(loom, client):
    JobMetric.objects.bulk_create(
        JobMetric(job=loom.job, attempt=1, step=step, loss=loss) for step, loss in ((1, 5.5), (20, 3.25))
    )
    text = client.get(f"/rounds/{loom.round.pk}/jobs/{loom.job.pk}/").content.decode()
    assert "the loss fell from 5.50 to 3.25 nats per token in 20 steps." in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 s, 64 MiB"), (600, "10 min (600 s), 64 MiB"), (5400, "90 min (5,400 s), 64 MiB")],
)
def test_limits_stand_in_the_units_of_the_form(seconds, words):
    assert limits_in_words({"seconds": seconds, "memory_bytes": 64 * 2**20}) == words


def test_the_operator_opens_nothing(loom, client):
    operator = make_person()
    operator.is_superuser = True
    operator.save()
    client.force_login(operator)
    assert post_round(client, loom).status_code == 403
