"""The reader chooses the language of the site's words."""

import pytest

pytestmark = pytest.mark.django_db


def test_each_language_is_offered_by_its_own_name(client):
    page = client.get("/language/").content.decode()
    assert "English" in page
    assert "Français" in page
    assert page.count('aria-current="true"') == 1


def test_choosing_leads_back_and_the_next_page_speaks_it(client):
    offered = client.get("/language/", headers={"referer": "http://testserver/members/"})
    answer = client.post("/i18n/setlang/", {"language": "fr", "next": offered.context["next"]})
    assert answer.headers["Location"] == "http://testserver/members/"
    assert '<html lang="fr"' in client.get("/members/").content.decode()


def test_nobody_is_led_away_from_the_site(client):
    assert client.get("/language/", headers={"referer": "https://elsewhere.example/"}).context["next"] == "/"


def test_what_tiers_mean_is_told_in_the_reader_s_language(client):
    client.cookies["django_language"] = "fr"
    page = client.get("/").content.decode()
    assert "Seule la mise à jour des poids quitte un nœud." in page
    assert "Only the weight update leaves" not in page
