"""Each rule and each outer optimizer that members can vote for, through a round to a base that verifies."""

from contextlib import ExitStack

import pytest

from provenance.blobs import get_store
from provenance.events.models import Event
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_family, make_round
from tests.training.rounds.playing import play
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import document_of
from training.contributions.models import Contribution
from training.jobs.models import Job
from training.merge import SERVERS, VOTED
from training.merge.verifying import verify_checkpoint
from training.pages.rounds.terms import adapted_in
from training.rounds.aggregation import aggregation_in
from training.rounds.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def nodes() -> list[SigningNode]:
    make_dataset("open")
    return [SigningNode() for _ in range(3)]


def opened(family=None, **votes: int) -> Round:
    """A round that opened after these votes; no trial merges, unless they are voted for."""
    round_ = make_round(family)
    round_.rules |= {"merge.leave_one_out": 0} | {f"merge.{key}": value for key, value in votes.items()}
    round_.save()
    return round_


def verifies(base: Checkpoint) -> bool:
    """Tell whether the stored bytes give the recorded base again."""
    store, digests = get_store(), base.recipe["contributions"]
    updates = Contribution.objects.filter(digest__in=digests).values_list("digest", "weights_sha256")
    state = base.recipe.get("server", {}).get("state")
    with ExitStack() as stack:
        found = verify_checkpoint(
            document_of(base),
            base=stack.enter_context(store.local_path(base.parent.weights_sha256)),
            updates={digest: stack.enter_context(store.local_path(sha256)) for digest, sha256 in updates},
            state=stack.enter_context(store.local_path(state)) if state else None,
        )
    return found.ok


@pytest.mark.parametrize("rule", range(len(VOTED)))
def test_inv_5_every_rule_leads_to_a_base_that_verifies(nodes, rule):
    server = rule % len(SERVERS)
    made = play(opened(rule=rule, server=server, hostile=0), nodes).result
    assert made.recipe["rule"] == VOTED[rule]
    assert made.recipe.get("server", {}).get("name", "plain") == list(SERVERS)[server]
    assert bool(made.server_state_sha256) == bool(server)
    assert verifies(made)


def test_inv_5_an_optimizer_goes_on_from_what_it_remembers_and_after_another_one_from_nothing(nodes):
    family = make_family()
    first = play(opened(family, server=1), nodes).result
    second = play(opened(family, server=1), nodes, seed=4).result
    third = play(opened(family, server=3), nodes, seed=7).result
    states = [base.recipe["server"]["state"] for base in (first, second, third)]
    assert states == [None, first.server_state_sha256, None]
    assert verifies(second)


@pytest.mark.parametrize(
    ("voted", "count", "used", "said"),
    [
        ("krum", 2, "mean", {}),
        ("multi-krum", 1, "mean", {}),
        ("krum", 4, "krum", {"hostile": 0}),
        ("multi-krum", 5, "multi-krum", {"hostile": 1, "chosen": 4}),
        ("trimmed-mean", 2, "trimmed-mean", {"trim": 0}),
    ],
)
def test_with_too_few_updates_what_fits_is_reckoned_with(db, voted, count, used, said):
    round_ = opened(rule=VOTED.index(voted), hostile=1)
    members = [SigningNode(active=False) for _ in range(count)]
    jobs = [Job(node=each.node) for each in members]
    updates = [Contribution(digest=f"{place:064x}", job=job) for place, job in enumerate(jobs)]
    found = aggregation_in(round_, updates)
    assert (found.rule, dict(found.parameters)) == (used, said)


def test_krum_of_two_is_the_mean_and_the_log_and_the_page_say_so(db):
    make_dataset("open")
    round_ = play(opened(rule=VOTED.index("krum")), [SigningNode(), SigningNode()])
    told = Event.objects.get(action="round.candidate-made").details
    assert (round_.state, told["rule"], told["voted"]) == ("closed", "mean", "krum")
    assert "Too few updates" in adapted_in(round_)


def test_a_round_from_before_there_were_votes_on_it_merges_by_the_plain_mean(db):
    round_ = make_round()
    round_.rules = {key: value for key, value in round_.rules.items() if not key.startswith("merge.")}
    found = aggregation_in(round_, [])
    assert (found.rule, found.parameters, found.server) == ("mean", {}, None)
