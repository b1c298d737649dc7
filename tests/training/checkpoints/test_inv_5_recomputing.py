"""INV-5: a base is a function of its recipe; anyone who computes it again gets the same address."""

import pytest

from provenance.blobs import get_store
from provenance.errors import Conflict
from provenance.lineage.models import Statement
from tests.factories import make_dataset
from tests.training.api.signing_node import TINY, SigningNode, make_family, make_maintainer, make_round
from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.families.services import found_family
from training.merge import checkpoint_digest, initial_weights
from training.rounds import merging
from training.rounds.conductor import advance
from training.rounds.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def due() -> Round:
    """A round whose two contributions are accepted and not yet merged."""
    make_dataset("open")
    nodes = [SigningNode(), SigningNode()]
    round_ = make_round()
    advance(round_.pk)
    for seed, node in enumerate(nodes):
        node.train(round_, seed)
    for contribution in Contribution.objects.all():
        check_contribution(contribution.pk)
        for _ in range(2):
            decide_contribution(make_maintainer(), contribution, DecisionVerdict.ACCEPT)
    advance(round_.pk)
    round_.refresh_from_db()
    assert round_.state == "merging"
    return round_


def test_a_merge_that_died_before_its_last_step_gives_the_same_base_again(due, monkeypatch):
    digests = []
    for attempt in range(2):
        with monkeypatch.context() as patch:
            if attempt == 0:
                patch.setattr(merging, "_record", lambda *seen: digests.append(seen[2].sha256))
            made = merging.merge(due.pk)
    assert made.weights_sha256 == digests[0]
    due.refresh_from_db()
    assert (due.state, due.result) == ("promoting", made)


def test_the_digest_follows_from_recipe_and_weights(due):
    made = merging.merge(due.pk)
    assert made.digest == checkpoint_digest(made.recipe, made.weights_sha256)
    assert made.recipe["contributions"] == sorted(Contribution.objects.values_list("digest", flat=True))
    assert made.recipe["parent"] == due.base.digest
    accepted = list(Contribution.objects.order_by("-digest"))
    assert (
        merging.compute(due.base, accepted, merging.weights_in(due, accepted)).sha256 == made.weights_sha256
    )


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
