import json

import pytest
from pyld import jsonld

from catalog.interchange import authorities
from catalog.interchange.context import expand, to_nquads
from catalog.interchange.usage_policy import AI_TRAINING, usage_policy
from catalog.tiers import Tier
from tests.catalog.api.entries import make_entry

DCAT, DCT, ODRL = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://www.w3.org/ns/odrl/2/"
TIERS = ["open", "train-only", "local-only"]


def document(client, tier):
    return json.loads(client.get(f"/datasets/{tier}-songs.jsonld").content)


def keys(value):
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


@pytest.mark.parametrize("tier", TIERS)
def test_every_word_of_a_document_is_defined_and_nothing_is_fetched(client, four_tiers, tier):
    body = document(client, tier)
    words = keys({name: value for name, value in body.items() if name != "@context"})
    languages = {"en", "fr"}
    assert {word for word in words if word[0] != "@"} - languages <= set(body["@context"])
    (node,) = expand(body)
    assert DCAT + "Dataset" in node["@type"]


@pytest.mark.parametrize("tier", TIERS)
def test_a_document_survives_the_way_through_n_quads(client, four_tiers, tier):
    quads = to_nquads(document(client, tier))
    again = jsonld.from_rdf(quads, {"format": "application/n-quads"})
    assert jsonld.normalize(again, {"algorithm": "URDNA2015", "format": "application/n-quads"}) == quads


def test_a_document_that_points_elsewhere_is_not_followed():
    with pytest.raises(jsonld.JsonLdError):
        expand({"@context": "https://example.org/context", "a": 1})


def test_titles_languages_and_rights_stand_under_their_authorities(client, four_tiers):
    (node,) = expand(document(client, "open"))
    assert node[DCT + "title"] == [{"@language": "en", "@value": "Songs of open-songs"}]
    ids = {item["@id"] for name in ("language", "accessRights") for item in node[DCT + name]}
    authority = "http://publications.europa.eu/resource/authority"
    assert ids == {
        f"{authority}/language/VIE",
        f"{authority}/language/POR",
        f"{authority}/access-right/PUBLIC",
    }


def test_only_open_files_can_be_downloaded_and_carry_their_hash(client, four_tiers):
    (file,) = document(client, "open")["distribution"]
    assert file["downloadURL"].endswith("/api/v1/datasets/open-songs/versions/1/files/texts/vi%20songs.txt")
    assert len(file["checksum"]["checksumValue"]) == 64


def test_a_local_only_file_shows_its_hash_and_leads_to_the_manifest(client, four_tiers):
    (file,) = document(client, "local-only")["distribution"]
    assert file["accessURL"].endswith("/datasets/local-only-songs/versions/1/")
    assert "checksum" in file
    assert "downloadURL" not in file


def test_outsiders_get_neither_details_nor_hashes_of_a_train_only_entry(client, four_tiers):
    body = document(client, "train-only")
    assert body["description"] == body["abstract"]
    assert not {"contactPoint", "provenance", "checksum"} & keys(body | {"@context": 0})


def test_insiders_get_both(insider):
    assert {"contactPoint", "provenance", "checksum"} <= keys(
        document(insider, "train-only") | {"@context": 0}
    )


def test_inv_6_a_private_document_is_its_members_alone(client, insider):
    assert client.get("/datasets/private-songs.jsonld").status_code == 200
    client.logout()
    assert client.get("/datasets/private-songs.jsonld").status_code == 404
    assert client.get("/datasets/never-was.jsonld").status_code == 404


def test_a_sealed_document_says_that_it_is_there_and_nothing_of_what(insider):
    sealed = document(insider, "private")
    assert not {"distribution", "license", "description", "theme", "language", "hasPolicy"} & sealed.keys()
    assert [text.startswith("Sealed entry ") for text in sealed["title"].values()] == [True]


def test_a_policy_permits_and_forbids_what_tier_and_rights_do():
    rights = {"commercial_use": False, "model_training": True, "redistribution": True, "attribution": True}
    opened = usage_policy(target="urn:a", tier=Tier.OPEN, rights=rights)
    assert [rule["action"] for rule in opened["permission"]] == ["odrl:use", "odrl:distribute", AI_TRAINING]
    assert [rule["action"] for rule in opened["prohibition"]] == ["odrl:commercialize"]
    sealed = usage_policy(target="urn:a", tier=Tier.PRIVATE, rights=rights)
    assert "permission" not in sealed


@pytest.mark.parametrize("expression", ["MIT OR Apache-2.0", "LicenseRef-consent", "unknown"])
def test_only_a_listed_licence_gets_its_page(expression):
    assert "@id" not in (authorities.licence(expression) or {})


def test_a_language_without_a_three_letter_code_is_left_out():
    assert authorities.language("x-loom") is None


def test_a_hostile_title_stays_a_text(client, own_places, db):
    make_entry("hostile-songs", title={"en": '"}],"@id":"urn:x" </script>'})
    (node,) = expand(document(client, "hostile"))
    assert node[DCT + "title"][0]["@value"].startswith('"}]')
