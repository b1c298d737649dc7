"""`found_consortium FILE`: how a real consortium starts."""

import pytest
from django.core.management import CommandError, call_command

from catalog.members.actors import actor_of
from catalog.members.founding import is_founded
from catalog.members.models import Member, Role, User

pytestmark = pytest.mark.django_db
CHARTER = """
[[members]]
slug = "lotus"
name = "Lotus Institute"
region = "Asia"
country = "VN"
about = { en = "Keeps declarations." }
maintainers = [{ name = "Lan", email = "lan@lotus.example" }, { name = "Minh", email = "minh@lotus.example" }]

[[members]]
slug = "baobab"
name = "Baobab Archive"
region = "Africa"
country = "SN"
homepage = "https://baobab.example/"
maintainers = [{ name = "Awa", email = "awa@baobab.example" }]
"""


@pytest.fixture
def charter(tmp_path):
    def write(text=CHARTER):
        path = tmp_path / "charter.toml"
        path.write_text(text)
        return path

    return write


def test_members_and_maintainers_are_entered_and_each_gets_a_letter(
    charter, mailoutbox, django_capture_on_commit_callbacks, settings
):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    with django_capture_on_commit_callbacks(execute=True):
        call_command("found_consortium", charter())
    assert is_founded()
    assert actor_of(User.objects.get(email="awa@baobab.example")).has_role(Role.MAINTAINER, member="baobab")


def test_it_is_done_once(charter):
    call_command("found_consortium", charter())
    with pytest.raises(CommandError, match="founded already"):
        call_command("found_consortium", charter())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('country = "SN"', 'country = "Senegal"'),
        ("awa@baobab.example", "awa"),
        ('slug = "lotus"', 'slug = "lotus"\nvoices = 3'),
        ('[[members]]\nslug = "lotus"', "[[members"),
        ('slug = "baobab"', 'slug = "lotus"'),
    ],
)
def test_a_fault_anywhere_enters_nobody(charter, old, new):
    with pytest.raises(CommandError):
        call_command("found_consortium", charter(CHARTER.replace(old, new)))
    assert not Member.objects.exists()
    assert not User.objects.exists()


def test_a_check_changes_nothing(charter, capsys):
    call_command("found_consortium", charter(), "--check")
    assert "2 members with 3 maintainers" in capsys.readouterr().out
    assert not Member.objects.exists()
