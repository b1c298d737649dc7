"""Every account page and letter speaks this site's words: no sentence of the library's own shows through."""

import re
from pathlib import Path

import allauth.account
import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from catalog.members.models import User
from tests.factories import make_person

OURS = settings.ROOT / "templates/account"
THEIRS = Path(allauth.account.__file__).parents[1] / "templates/account"
# Sign-up is closed in code, nobody has a phone or passkey here, and an account may have several addresses.
SWITCHED_OFF = {"signup.html", "signup_by_passkey.html", "email_change.html"}
SWITCHED_OFF |= {"phone_change.html", "confirm_phone_verification_code.html"}
SWITCHED_OFF |= {"messages/phone_verification_sent.txt", "messages/phone_verified.txt"}
SAID_BY_LAYOUTS = {"base_entrance.html", "base_manage.html", "base_manage_email.html"}
SAID_BY_LAYOUTS |= {"base_manage_password.html", "base_manage_phone.html", "base_reauthenticate.html"}
SAID_BY_LAYOUTS |= {"snippets/already_logged_in.html"}
SENTENCE = re.compile(r"\{% ?(?:blocktranslate|blocktrans)[^%]*%\}(.*?)\{%", re.DOTALL)
WORDS = re.compile(r"""\{% ?trans(?:late)? ['"](.*?)['"] ?%\}""")
COMMON = {"Sign in", "Sign out", "Confirm", "Remove", "Verified", "Code", "Forgot your password?"}
COMMON |= {
    "Email",
    "Note",
    "Password",
    "Primary",
    "Signup",
    "Sessions",
    "Warning:",
    "Your password is now changed.",
}

ANYBODY = (
    "login/",
    "inactive/",
    "signup/",
    "confirm-email/",
    "confirm-email/no-such-key/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/1-no-such-key/",
    "password/reset/key/done/",
)
PEOPLE = ("logout/", "reauthenticate/", "email/", "password/change/")


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*.*")}


def sentences_of_the_library() -> set[str]:
    """The longest piece of each of its texts between two variables, as it would stand in a page."""
    found = set()
    for file in THEIRS.rglob("*.*"):
        source = file.read_text()
        for text in SENTENCE.findall(source) + WORDS.findall(source):
            piece = max(re.split(r"\{\{.*?\}\}|<.*?>", text), key=len).strip(" .:")
            if piece not in COMMON and len(piece) > len("Confirm"):
                found.add(piece)
    return found


def see(page: str, browser: Client) -> str:
    answer = browser.get(f"/accounts/{page}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def check(page: str) -> None:
    assert page.count("<h1") == 1
    assert page.count('class="answer"') == 1
    assert page.count('class="cartouche"') == 1
    assert [text for text in sentences_of_the_library() if text in page] == []
    assert "placeholder=" not in page.partition("<main")[2]


@pytest.fixture
def person():
    return make_person("archive", email="an@example.org")


@pytest.fixture
def browser(person):
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_each_template_of_the_library_has_one_of_ours():
    assert files(THEIRS) - SWITCHED_OFF - SAID_BY_LAYOUTS <= files(OURS)


def test_the_sweep_knows_what_it_looks_for():
    assert {"Bad Token", "Account Inactive", "Make Primary", "Change Password"} <= sentences_of_the_library()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ANYBODY)
def test_a_page_for_anybody_is_in_our_words(page):
    check(see(page, Client()))


@pytest.mark.django_db
@pytest.mark.parametrize("page", PEOPLE)
def test_a_page_for_people_is_in_our_words(page, browser):
    check(see(page, browser))


@pytest.mark.django_db
def test_who_has_no_password_sets_one(person, browser):
    person.set_unusable_password()
    person.save()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = see("password/change/", browser)
    check(page)
    assert "<h1>Set a password</h1>" in page


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*ANYBODY[:4], "password/reset/done/", "password/reset/key/done/"])
def test_no_page_is_a_dead_end(page):
    main = see(page, Client()).partition("<main")[2].partition("</main>")[0]
    assert 'class="button"' in main


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["verified_email_required", "request_login_code", "confirm_login_code"])
def test_a_page_that_a_setting_would_switch_on_is_in_our_words(page):
    check(render_to_string(f"account/{page}.html"))


@pytest.mark.django_db
def test_the_way_to_a_lost_password_stands_below_the_field():
    page = see("login/", Client())
    assert page.index('name="password"') < page.index("Forgot your password?") < page.index('name="remember"')
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="email"' in page


@pytest.mark.django_db
def test_a_wrong_password_is_named_in_our_words_and_once(person):
    answer = Client().post("/accounts/login/", {"login": person.email, "password": "wrong"})
    assert answer.content.decode().count("The address or the password is wrong.") == 1


@pytest.mark.django_db
def test_a_lost_password_is_replaced_by_the_link_in_the_mail(person):
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": person.email})
    (letter,) = mail.outbox
    assert letter.subject == "[Tapestry Catalog] Choose a new password"
    assert "You did not ask for this?" in letter.body
    link = re.search(r"/accounts/password/reset/key/\S+", letter.body)[0]
    form = browser.get(link, follow=True)
    check(form.content.decode())
    chosen = {"password1": "loom-and-atlas-7", "password2": "loom-and-atlas-7"}
    done = browser.post(form.redirect_chain[-1][0], chosen, follow=True)
    assert "<h1>Your password is changed</h1>" in done.content.decode()
    assert "<h1>This link is used up</h1>" in Client().get(link).content.decode()
    assert User.objects.get().check_password("loom-and-atlas-7")


@pytest.mark.django_db
def test_an_address_without_an_account_hears_that_nobody_registers_alone():
    Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    (letter,) = mail.outbox
    assert "Nobody registers alone" in letter.body
    assert "signup" not in letter.body


@pytest.mark.django_db
def test_a_new_address_is_confirmed_and_made_the_main_one(person, browser):
    browser.post("/accounts/login/", {"login": person.email, "password": "a good password"})
    browser.post("/accounts/reauthenticate/", {"password": "a good password"})
    browser.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    (letter,) = mail.outbox
    assert letter.subject == "[Tapestry Catalog] Confirm your address"
    added = EmailAddress.objects.get(email="new@example.org")
    page = see(f"confirm-email/{EmailConfirmationHMAC(added).key}/", browser)
    check(page)
    assert "new@example.org is yours" in page
    browser.post(f"/accounts/confirm-email/{EmailConfirmationHMAC(added).key}/")
    page = see("email/", browser)
    assert 'data-tone="good">Confirmed' in page
    browser.post("/accounts/email/", {"action_primary": "", "email": "new@example.org"})
    assert User.objects.get().email == "new@example.org"


@pytest.mark.django_db
def test_the_main_address_can_be_neither_removed_nor_made_main_again(browser):
    page = see("email/", browser)
    assert "Main address" in page
    assert "action_remove" not in page
    assert "action_primary" not in page
    assert "action_send" in page


@pytest.mark.django_db
def test_inv_6_who_has_an_account_is_not_told_to_whoever_claims_their_address(person):
    make_person("mill", email="taken@example.org")
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": "a good password"})
    answers = []
    for address in ("taken@example.org", "free@example.org"):
        browser.post("/accounts/email/", {"action_add": "", "email": address})
        answer = browser.post("/accounts/email/", {"action_primary": "", "email": address}, follow=True)
        answers.append([str(message).replace(address, "…") for message in answer.context["messages"]])
    assert answers[0][-2:] == answers[1]
    assert answers[0][-1].startswith("Confirm the address first")
    assert set(User.objects.values_list("email", flat=True)) == {person.email, "taken@example.org"}


@pytest.mark.django_db
def test_an_address_that_another_account_signs_in_with_never_becomes_the_main_one(person, browser):
    make_person("mill", email="taken@example.org")
    EmailAddress.objects.create(user=person, email="taken@example.org", verified=True)
    answer = browser.post(
        "/accounts/email/", {"action_primary": "", "email": "taken@example.org"}, follow=True
    )
    assert "belongs to another account already" in answer.content.decode()


@pytest.mark.parametrize("letter", sorted(file.name for file in OURS.glob("email/*_message.txt")))
def test_each_letter_names_the_site_and_says_what_to_do_if_it_was_somebody_else(letter):
    context = {"timestamp": timezone.now(), "current_site": {"domain": "catalog.example"}}
    context |= {"email": "o'hara@example.org", "user": "Ann O'Hara"}
    body = render_to_string(f"account/email/{letter}", context)
    assert body.rstrip().endswith("Tapestry Catalog\ncatalog.example")
    assert "&" not in body
    if letter != "base_message.txt":
        assert "?" in body


@pytest.mark.django_db
def test_too_many_attempts_get_a_page_of_the_site():
    browser = Client(REMOTE_ADDR="203.0.113.9")
    answers = [browser.post("/accounts/password/reset/", {"email": f"{n}@example.org"}) for n in range(25)]
    assert answers[-1].status_code == 429
    assert "That was tried too often" in answers[-1].content.decode()
