"""What the members voted for holds in rounds: how many agree, what is admitted, how much a member weighs."""

import pytest

from catalog.governance.models import Choice, MotionKind
from catalog.governance.services import move, vote
from provenance.errors import Invalid
from provenance.events.models import Event
from tests.factories import make_dataset, make_member
from tests.training.api.signing_node import PLAN, SigningNode, make_family, make_maintainer, make_round
from tests.training.rounds.playing import decide_all, measure_all, train_all
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.contributions.quality import below_floor
from training.merge import weights_of
from training.rounds.computing import aggregation_in, compute
from training.rounds.conductor import advance
from training.rounds.opening import open_round

pytestmark = pytest.mark.django_db
LOSSES = {"first_loss": 4.0, "last_loss": 3.0}


def carry(key, value):
    voters = [make_maintainer() for _ in range(4)]
    motion = move(
        actor=voters[0], kind=MotionKind.SETTING, change={"key": key, "value": value}, reason="We grew."
    )
    for voter in voters[:3]:
        vote(actor=voter, motion=motion, choice=Choice.YES)
    return voters


def test_a_round_asks_for_no_fewer_members_than_were_voted_for():
    family = make_family()
    with pytest.raises(Invalid) as caught:
        make_round(family, quorum=1)
    assert (caught.value.code, list(caught.value.fields)) == ("quorum-too-small", ["quorum"])
    assert make_round(family, quorum=5).quorum == 5


def test_a_round_writes_down_the_rules_that_it_opened_under():
    round_ = make_round()
    told = Event.objects.get(action="round.opened").details
    assert round_.rules == told["rules"]
    assert (round_.quorum, round_.rules["weighting.influence_cap"]) == (2, 50)


@pytest.mark.parametrize(("floor", "refused"), [(0, False), (25, False), (26, True)])
def test_the_floor_is_held_against_what_the_node_signed(floor, refused):
    finding = below_floor(LOSSES, floor)
    assert bool(finding) == refused
    assert below_floor({"first_loss": 0.0, "last_loss": 0.0}, 1)


def test_an_update_below_the_floor_is_not_admitted_to_review():
    make_dataset("open")
    node, round_ = SigningNode(), make_round()
    round_.rules["weighting.quality_floor"] = 50
    round_.save()
    advance(round_.pk)
    node.train(round_, 0)
    Contribution.objects.update(summary=LOSSES)
    checked = check_contribution(Contribution.objects.get().pk)
    assert checked.state == "inadmissible"
    assert [finding["code"] for finding in checked.admission["findings"]] == ["below-quality-floor"]


def test_inv_5_a_member_with_more_nodes_weighs_no_more_than_the_cap_and_anyone_can_recompute_it():
    make_dataset("open")
    large = make_member("large")
    nodes, round_ = [SigningNode(large), SigningNode(large), SigningNode()], make_round()
    advance(round_.pk)
    train_all(round_, nodes)
    measure_all(round_, nodes)
    made = decide_all(round_).result
    weights = dict(zip(made.recipe["contributions"], weights_of(made.recipe), strict=True))
    of_large = Contribution.objects.filter(job__node__member=large).values_list("digest", flat=True)
    assert (made.recipe["rule"], sum(weights[digest] for digest in of_large) * 2) == ("weighted-mean", 1)
    everything = Contribution.objects.order_by("-digest")
    again = compute(round_.base, everything, aggregation_in(round_, everything))
    assert again.sha256 == made.weights_sha256


def test_a_vote_changes_what_the_next_round_asks_for():
    family = make_family()
    voters = carry("contribution.quorum", 3)
    assert open_round(voters[0], family, PLAN).quorum == 3
