"""The pages of imported models: where they are from, how they scored, how a family begins with one."""

import pytest

from provenance.actors import COORDINATOR
from provenance.signing.statements import PREDICATE_SCORECARD, Subject
from training.families.models import ImportedModel, ModelFamily, Scorecard
from training.imports.services import import_model
from training.statements import attest

pytestmark = pytest.mark.django_db
CRITERION = {"name": "small", "weight": 2, "measure": "parameters", "dataset": ""}


@pytest.fixture
def model(plain_model) -> ImportedModel:
    return import_model(
        COORDINATOR, plain_model, name="Tiny <model>", source="someone/tiny", revision="0123abcd"
    )


@pytest.fixture
def card(model) -> Scorecard:
    results = {
        key: {"small": {model.digest: value}} for key, value in {"figures": 7.0, "points": 100.0}.items()
    }
    statement = attest(
        subjects=[Subject("m", model.weights_sha256)], predicate_type=PREDICATE_SCORECARD, predicate={}
    )
    made = Scorecard.objects.create(
        digest="a" * 64,
        title="For a start",
        criteria=[CRITERION],
        results=results | {"totals": {model.digest: 100.0}},
        statement=statement,
    )
    made.candidates.set([model])
    return made


def test_the_list_shows_models_and_scorecards_and_escapes_names(client, card):
    page = client.get("/models/").content.decode()
    assert "Tiny &lt;model&gt;" in page
    assert "For a start" in page
    assert "fewer are better" in page


def test_an_empty_list_says_how_one_comes(client):
    assert "import_model" in client.get("/models/").content.decode()


def test_a_models_page_names_licence_revision_and_each_file(client, model, card):
    page = client.get(f"/models/{model.digest}/").content.decode()
    for words in ("Apache-2.0", "someone/tiny", "tokenizer.json", "model.safetensors", "How it scored"):
        assert words in page
    assert "Begin a family with it" not in page


def test_an_unknown_model_is_not_found(client):
    assert client.get(f"/models/{'0' * 64}/").status_code == 404


def test_a_maintainer_begins_a_family_and_sees_its_base(client, model, maintainer):
    client.force_login(maintainer)
    path = f"/models/{model.digest}/family/"
    assert client.post(path, {"name": "New", "slug": "new"}).status_code == 422
    answer = client.post(path, {"name": "New", "slug": "new", "sure": "on"}, follow=True)
    assert answer.status_code == 200
    assert "made elsewhere" in answer.content.decode()
    assert ModelFamily.objects.get(slug="new").imported == model
    again = client.post(path, {"name": "New", "slug": "new", "sure": "on"})
    assert again.status_code == 422
    assert "There is a family" in again.content.decode()


def test_others_are_told_who_may(client, model, steward):
    client.force_login(steward)
    answer = client.post(f"/models/{model.digest}/family/", {"name": "N", "slug": "n", "sure": "on"})
    assert answer.status_code == 403
    assert not ModelFamily.objects.filter(slug="n").exists()
