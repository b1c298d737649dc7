import hashlib
import json

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from catalog.interchange.context import expand, to_nquads
from provenance.actors import ANONYMOUS
from provenance.lineage.models import Statement
from tests.catalog.api.entries import make_member, make_person
from training.checkpoints.jsonld import checkpoint_document, checkpoint_jsonld
from training.checkpoints.models import Checkpoint, Evaluation
from training.contributions.models import Contribution
from training.families.models import ModelFamily
from training.jobs.models import Job, JobInput
from training.nodes.models import Node
from training.rounds.models import Round

IT6, PROV = "http://data.europa.eu/it6/", "http://www.w3.org/ns/prov#"


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def make_base(family, number, parent=None, contributions=()):
    return Checkpoint.objects.create(
        digest=sha(f"base {number}"),
        family=family,
        parent=parent,
        number=number,
        weights_sha256=sha(f"w{number}"),
        weights_bytes=10,
        recipe={"rule": "mean", "contributions": list(contributions)},
    )


@pytest.fixture
def merged(four_tiers):
    """A base made from one contribution, that was trained on the open and the local-only entry."""
    member = make_member()
    family = ModelFamily.objects.create(slug="tiny", name="Tiny", architecture={}, seed=1)
    base = make_base(family, 0)
    node = Node.objects.create(
        slug="n", name="N", member=member, did="did:key:z6Mkx", form="attached", jurisdiction="AT"
    )
    round_ = Round.objects.create(
        family=family,
        number=1,
        base=base,
        plan={},
        quorum=1,
        opened_by=make_person(member),
        deadline=timezone.now(),
    )
    job = Job.objects.create(
        round=round_, node=node, kind="contributed-cpt", manifest={}, manifest_digest=sha("manifest")
    )
    for tier in ("open", "local-only"):
        version = four_tiers[tier].newest
        JobInput.objects.create(job=job, version=version, tier=tier, purpose="contributed-cpt")
    statement = Statement.objects.create(digest=sha("statement"), predicate_type="x", key_ids=[], envelope={})
    contribution = Contribution.objects.create(
        job=job, round=round_, digest=sha("c"), weights_sha256=sha("d"), weights_bytes=10, statement=statement
    )
    result = make_base(family, 1, base, [contribution.digest])
    for tier in ("open", "private"):
        version = four_tiers[tier].newest
        Evaluation.objects.create(
            checkpoint=result, job=job, version=version, language="vi", bits_per_byte=2.5, bytes=100
        )
    return result


def test_a_base_names_its_parent_its_contributions_and_their_datasets(merged):
    (node,) = expand(checkpoint_document(merged, ANONYMOUS))
    trained_on = {item["@id"].partition("/datasets/")[2] for item in node[IT6 + "trainedOn"]}
    assert trained_on == {"open-songs/versions/1/", "local-only-songs/versions/1/"}
    origins = [item["@id"] for item in node[PROV + "wasDerivedFrom"]]
    assert origins[0].endswith(merged.parent.get_absolute_url())
    assert origins[1].endswith(f"/contributions/{sha('c')}/")


def test_a_base_that_was_distilled_names_its_teacher(merged):
    family = ModelFamily.objects.create(slug="large", name="Large", architecture={}, seed=2)
    teacher = Checkpoint.objects.create(
        digest=sha("teacher"), family=family, number=0, weights_sha256=sha("w"), weights_bytes=10, recipe={}
    )
    Round.objects.update(plan={"teacher": teacher.digest})
    origins = checkpoint_document(merged, ANONYMOUS)["wasDerivedFrom"]
    assert origins[-1].endswith(teacher.get_absolute_url())


def test_inv_6_an_evaluation_on_hidden_data_is_not_told(merged):
    (told,) = checkpoint_document(merged, ANONYMOUS)["evaluation"]
    assert (told["tag"], told["bitsPerByte"]) == ("vi", 2.5)
    assert "private" not in json.dumps(checkpoint_document(merged, ANONYMOUS))


def test_the_document_becomes_statements_without_any_fetch(merged):
    quads = to_nquads(checkpoint_document(merged, ANONYMOUS))
    assert f"<{IT6}MachineLearningModel>" in quads


def test_initial_weights_have_neither_parent_nor_data(merged):
    body = checkpoint_document(merged.parent, ANONYMOUS)
    assert (body["wasDerivedFrom"], body["trainedOn"]) == ([], [])


def test_a_base_that_never_was_is_not_found(db):
    request = RequestFactory().get("/")
    request.user = None
    with pytest.raises(Http404):
        checkpoint_jsonld(request, digest=sha("nothing"))
