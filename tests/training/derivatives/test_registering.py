"""A member registers a model: what is checked, signed and traced, and who learns of it (INV-2, INV-6)."""

import pytest
import yaml
from huggingface_hub import ModelCardData

from catalog.members.models import Role
from catalog.tiers import Tier
from provenance.actors import ANONYMOUS
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.models import Event
from provenance.lineage.models import Artifact, Edge
from tests.factories import make_actor, make_dataset, make_member
from tests.training.api.signing_node import make_family
from training.derivatives.models import Derivative
from training.derivatives.readme import write_readme
from training.derivatives.registering import register_derivative
from training.derivatives.retiring import retire_derivative
from training.derivatives.visibility import may_read_details, may_read_manifest
from training.derivatives.wording import Description
from training.families.head import head_of
from training.withdrawals.reach import tasks_for

pytestmark = pytest.mark.django_db
CARD = {"intended_use": "Letters in --- Quechua.", "caveats": "[Small](http://x)."}
HASH = "ab" * 32


def said(tier: Tier = Tier.OPEN, **changes: object) -> Description:
    values = {"name": "Qillqa", "stages": ["sft", "cpt"], "card": CARD, "languages": ["qu"], **changes}
    return Description(tier=tier, **values)


def sealed() -> Description:
    return Description(name="", tier=Tier.PRIVATE, stages=["sft"], commitments=[HASH])


@pytest.fixture
def member():
    return make_member("andes")


@pytest.fixture
def steward(member):
    return make_actor(member, Role.STEWARD)


@pytest.fixture
def register(member, steward):
    base = head_of(make_family())

    def registered(description: Description, *datasets) -> Derivative:
        versions = [dataset.newest for dataset in datasets]
        return register_derivative(steward, member, base, description, versions=versions)

    return registered


def test_it_is_signed_traced_and_told(register):
    dataset = make_dataset("train-only")
    made = register(said(Tier.TRAIN_ONLY, licence="Apache-2.0", weights_sha256=HASH), dataset)
    assert made.stages == ["cpt", "sft"]
    edges = Edge.objects.filter(source__digest=made.digest, statement=made.statement)
    assert set(edges.values_list("target__digest", flat=True)) == {made.base.digest, dataset.newest.digest}
    assert Event.objects.get(action="derivative.registered").subject == f"derivative:{made.slug}"


def test_inv_2_it_is_never_less_restricted_than_a_dataset_that_it_names(register):
    with pytest.raises(Invalid) as refused:
        register(said(Tier.OPEN), make_dataset("open"), make_dataset("local-only"))
    assert (refused.value.code, refused.value.requirement) == ("weaker-output", "INV-2")
    assert "tier" in refused.value.fields


def test_a_private_model_stands_here_as_commitments_alone(register, steward):
    private = register(sealed(), make_dataset("private", member=make_member("andes")))
    assert private.slug.startswith("sealed-")
    assert Derivative.objects.visible_to(steward).count() == 1
    for stranger in (ANONYMOUS, make_actor(make_member(), Role.MAINTAINER)):
        assert not Derivative.objects.visible_to(stranger).exists()
        assert not Artifact.objects.visible_to(stranger.audiences).filter(digest=private.digest).exists()
        hidden = Event.objects.filter(action="derivative.registered").exclude(audience__in=stranger.audiences)
        assert hidden.exists()
    with pytest.raises(Invalid) as refused:
        register(said(Tier.PRIVATE, commitments=[HASH]))
    assert refused.value.code == "private-not-described"


@pytest.mark.parametrize(
    ("tier", "details", "hashes"),
    [(Tier.OPEN, True, True), (Tier.TRAIN_ONLY, False, False), (Tier.LOCAL_ONLY, False, True)],
)
def test_inv_6_outsiders_read_what_the_tier_says(register, steward, tier, details, hashes):
    made = register(said(tier, commitments=[HASH]))
    assert (may_read_details(ANONYMOUS, made), may_read_manifest(ANONYMOUS, made)) == (details, hashes)
    assert (CARD["intended_use"][:7] in write_readme(made, ANONYMOUS)) == details
    assert (HASH in write_readme(made, ANONYMOUS)) == hashes
    assert HASH in write_readme(made, steward)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"commitments": ["AB" * 32]}, "commitments"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"licence": "free for all"}, "licence"),
        ({"languages": ["not a tag"]}, "languages"),
        ({"stages": []}, "stages"),
        ({"card": {"caveats": "some"}}, "intended_use"),
        ({"name": " "}, "name"),
    ],
)
def test_a_refusal_names_the_field(register, changes, field):
    with pytest.raises(Invalid) as refused:
        register(said(**changes))
    assert field in refused.value.fields


def test_a_withdrawal_asks_the_member_of_a_model_and_nobody_about_a_private_one(register):
    dataset = make_dataset("open")
    made = register(said(), dataset)
    register(sealed(), dataset)
    asked = [task for task in tasks_for(dataset) if task.subject.startswith("derivative:")]
    assert [(task.subject, task.member) for task in asked] == [(f"derivative:{made.slug}", made.member)]


def test_only_stewards_and_maintainers_of_the_member_register_and_retire(register, member, steward):
    made = register(said())
    for stranger in (make_actor(member, Role.RESEARCHER), make_actor(make_member(), Role.MAINTAINER)):
        with pytest.raises(NotPermitted):
            register_derivative(stranger, member, made.base, said())
        with pytest.raises(NotPermitted):
            retire_derivative(stranger, made, cause="mine")
    retire_derivative(steward, made, cause="a better one")
    with pytest.raises(Conflict):
        retire_derivative(steward, made, cause="again")


def test_the_readme_has_front_matter_that_the_hub_reads_and_nothing_in_it_acts(register, steward):
    made = register(said(licence="Apache-2.0"), make_dataset("open", slug="songs"))
    text = write_readme(made, steward)
    front = yaml.safe_load(text.split("---\n")[1])
    data = ModelCardData(**front)
    assert (data.license, data.language, data.datasets) == ("apache-2.0", ["qu"], ["songs@1"])
    assert data.base_model == f"{made.base.family.slug}-base-0"
    assert r"\[Small\]" in text
