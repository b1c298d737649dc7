import pytest
from django.test import Client

from catalog.members.models import User
from tests.factories import make_person

NEW = {"email": "new@example.org", "password1": "a-long-good-one", "password2": "a-long-good-one"}


@pytest.mark.django_db
def test_nobody_gives_themselves_an_account():
    answer = Client().post("/accounts/signup/", NEW)
    assert answer.status_code == 200
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_person_signs_in_and_comes_back_to_the_page_they_wanted():
    make_person("archive", email="an@example.org")
    browser = Client()
    asked = browser.get("/proposals/new/")
    answer = browser.post(asked["Location"], {"login": "an@example.org", "password": "a good password"})
    assert answer["Location"] == "/proposals/new/"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["login", "password/reset", "signup"])
def test_account_pages_have_the_sites_look(page: str):
    assert "css/site.css" in Client().get(f"/accounts/{page}/").content.decode()
