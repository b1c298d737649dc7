"""The pages of vocabularies, and their SKOS."""

import pytest
from django.test import Client
from pyld import jsonld

from catalog.interchange.context import expand
from catalog.members.models import Role
from catalog.vocabularies.models import Term
from tests.factories import make_member, make_person

pytestmark = pytest.mark.django_db
SKOS = "http://www.w3.org/2004/02/skos/core#"
THEMES = "/vocabularies/theme/"


@pytest.fixture
def maintainer():
    browser = Client()
    browser.force_login(make_person(make_member(), Role.MAINTAINER))
    return browser


def test_a_stranger_reads_every_vocabulary_and_edits_none(client):
    page = client.get(THEMES).content.decode()
    assert "Education, culture and sport" in page
    assert "data-theme/EDUC" in page
    assert '<h2 id="new-term">' not in page
    assert client.post(THEMES, {"code": "X", "labels": "en: X"}).status_code == 403
    assert THEMES in client.get("/vocabularies/").content.decode()


def test_a_maintainer_adds_renames_and_retires_a_term(maintainer):
    maintainer.post(THEMES, {"code": "WEAV", "labels": "en: Weaving\nvi: Dệt", "definition": ""})
    term = "/vocabularies/theme/terms/WEAV/"
    assert maintainer.post(term, {"labels": "en: Looms"}).status_code == 302
    assert maintainer.post(term, {"retire": "1", "retire-replaced_by": "EDUC"}).status_code == 302
    kept = Term.objects.get(scheme="theme", code="WEAV")
    assert (kept.labels, kept.replaced_by.code) == ({"en": "Looms"}, "EDUC")
    assert "retired" in maintainer.get(THEMES).content.decode()


@pytest.mark.parametrize(
    "sent",
    [{"code": "X", "labels": "Weaving"}, {"code": "EDUC", "labels": "en: X"}, {"code": "", "labels": ""}],
)
def test_what_is_wrong_is_said_at_the_form_and_nothing_is_lost(maintainer, sent):
    answer = maintainer.post(THEMES, sent)
    assert answer.status_code == 422
    assert sent["labels"] in answer.content.decode()


def test_texts_of_terms_are_escaped(maintainer):
    maintainer.post(THEMES, {"code": "EVIL", "labels": "en: <script>alert(1)</script>"})
    for path in (THEMES, "/vocabularies/theme/terms/EVIL/"):
        page = maintainer.get(path).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page


def test_what_the_program_fixes_has_no_form(maintainer):
    assert "needs a release" in maintainer.get("/vocabularies/stage/").content.decode()
    assert maintainer.post("/vocabularies/stage/", {"code": "X", "labels": "en: X"}).status_code == 409
    assert maintainer.get("/vocabularies/stage/terms/cpt/").status_code == 409


@pytest.mark.parametrize(
    "path", ["/vocabularies/no/", "/vocabularies/no.jsonld", "/vocabularies/theme/terms/NO/"]
)
def test_what_is_not_there_is_missing(maintainer, path):
    assert maintainer.get(path).status_code == 404


def test_every_vocabulary_is_a_skos_concept_scheme(client):
    for name in Term.objects.values_list("scheme", flat=True).distinct():
        (scheme,) = expand(client.get(f"/vocabularies/{name}.jsonld").json())
        assert scheme["@type"] == [f"{SKOS}ConceptScheme"]
        concepts = scheme[f"{SKOS}hasTopConcept"]
        assert len(concepts) == Term.objects.filter(scheme=name).count()
        assert all(concept[f"{SKOS}inScheme"] == [{"@id": scheme["@id"]}] for concept in concepts)
        assert all(concept[f"{SKOS}prefLabel"][0]["@language"] for concept in concepts)


def test_a_retired_term_is_marked_in_skos(client, maintainer):
    maintainer.post("/vocabularies/theme/terms/EDUC/", {"retire": "1", "retire-replaced_by": "TECH"})
    text = jsonld.normalize(
        client.get("/vocabularies/theme.jsonld").json(), {"format": "application/n-quads"}
    )
    assert "data-theme/EDUC> <http://purl.org/dc/terms/isReplacedBy>" in text
    assert "owl#deprecated" in text
