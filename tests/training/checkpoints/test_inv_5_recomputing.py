"""INV-5: a base is a function of its recipe; anyone who computes it again gets the same address."""

import pytest

from provenance.blobs import get_store
from provenance.errors import Conflict
from provenance.lineage.models import Statement
from tests.factories import make_dataset
from tests.training.api.signing_node import TINY, SigningNode, make_family, make_maintainer, make_round
from tests.training.rounds.playing import measure_all, train_all
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import promote
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.families.services import found_family
from training.merge import checkpoint_digest, initial_weights
from training.rounds import merging
from training.rounds.computing import aggregation_in, compute
from training.rounds.conductor import advance
from training.rounds.models import Round

pytestmark = pytest.mark.django_db
VERDICTS = {True: DecisionVerdict.ACCEPT, False: DecisionVerdict.REJECT}


@pytest.fixture
def nodes() -> list[SigningNode]:
    make_dataset("open")
    return [SigningNode(), SigningNode()]


@pytest.fixture
def due(nodes) -> Round:
    """A round of which the second node's update was rejected, so that it has to be merged anew."""
    return bring_to_merge(nodes, accepted=1)


def bring_to_merge(nodes: list[SigningNode], *, accepted: int) -> Round:
    round_ = make_round()
    round_.rules["merge.leave_one_out"] = 0
    round_.save()
    advance(round_.pk)
    measure_all(train_all(round_, nodes), nodes)
    for place, node in enumerate(nodes):
        contribution = Contribution.objects.get(round=round_, job__node=node.node)
        for _ in range(round_.quorum):
            verdict = VERDICTS[place < accepted]
            decide_contribution(make_maintainer(), contribution, verdict, "Looked at.", ["other"])
    advance(round_.pk)
    round_.refresh_from_db()
    assert round_.state == "merging"
    return round_


def test_a_merge_that_died_before_its_last_step_gives_the_same_base_again(due, monkeypatch):
    digests = []
    for attempt in range(2):
        with monkeypatch.context() as patch:
            if attempt == 0:
                patch.setattr(merging, "_conclude", lambda *seen: digests.append(seen[2].sha256))
            made = merging.merge(due.pk)
    assert made.weights_sha256 == digests[0]
    due.refresh_from_db()
    assert (due.state, due.result) == ("promoting", made)


def test_the_digest_follows_from_recipe_and_weights(due):
    made = merging.merge(due.pk)
    accepted = list(Contribution.objects.filter(state="merged"))
    assert made.digest == checkpoint_digest(made.recipe, made.weights_sha256)
    assert made.recipe["contributions"] == [each.digest for each in accepted]
    assert made.recipe["parent"] == due.base.digest
    assert compute(due.base, accepted, aggregation_in(due, accepted)).sha256 == made.weights_sha256


def test_a_candidate_of_which_all_was_accepted_is_the_base_that_anyone_computes(nodes):
    round_ = bring_to_merge(nodes, accepted=2)
    made = merging.merge(round_.pk)
    everything = list(Contribution.objects.order_by("-digest"))
    assert made == round_.candidate
    assert Checkpoint.objects.get(pk=made.pk).standing == "base"
    assert compute(round_.base, everything, aggregation_in(round_, everything)).sha256 == made.weights_sha256


def test_a_candidate_is_promoted_once(due):
    promote(due.candidate, 1)
    with pytest.raises(Conflict) as caught:
        promote(due.candidate, 1)
    assert caught.value.code == "state-changed"


def test_a_candidate_is_no_base(due):
    assert str(due.candidate).endswith("candidate for base 1")
    assert not Checkpoint.objects.filter(pk=due.candidate_id).exists()
    assert due.candidate not in due.family.checkpoints.all()


def test_the_merge_is_signed_by_the_coordinator(due):
    merging.merge(due.pk)
    said = Statement.objects.filter(predicate_type="urn:tapestry:predicate:merge:v1").latest("id")
    assert said.key_ids[0].startswith("did:web:")


def test_a_merge_that_the_rule_refuses_ends_the_round_with_its_code(due):
    broken = get_store().put([b"no tensors at all"])
    Contribution.objects.update(weights_sha256=broken.sha256)
    assert merging.merge(due.pk) is None
    due.refresh_from_db()
    assert due.state == "abandoned"
    assert due.waiting_for.startswith("The merge was refused: header-too-large")


def test_base_zero_is_a_function_of_architecture_and_seed(tmp_path):
    base = make_family(seed=99).checkpoints.get()
    again = initial_weights(TINY, 99, tmp_path / "again.safetensors")
    assert (base.number, base.weights_sha256) == (0, again.sha256)
    assert base.digest == checkpoint_digest(base.recipe, again.sha256)
    assert get_store().size(again.sha256) == base.weights_bytes


def test_the_same_family_is_founded_once():
    family = make_family(seed=98)
    for slug, seed in ((family.slug, 1), ("other-name", 98)):
        with pytest.raises(Conflict) as caught:
            found_family(make_maintainer(), slug, "Again", TINY, seed)
        assert caught.value.code == "family-exists"
