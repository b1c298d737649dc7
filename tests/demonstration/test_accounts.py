"""A newcomer can sign in: the accounts are listed, the password is made once and kept private."""

import stat
from concurrent.futures import ThreadPoolExecutor

from tapestry.demonstration.accounts import demonstration_password, sign_in_lines
from tapestry.demonstration.facts import load_consortium


def test_every_account_has_a_line_with_its_address_and_role():
    lines = sign_in_lines()
    people = load_consortium().people
    assert len(lines) == len(people)
    for line, person in zip(lines, people, strict=True):
        assert person.name in line
        assert person.email in line
        assert person.role in line


def test_the_password_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    password = demonstration_password(tmp_path)
    assert demonstration_password(tmp_path) == password
    kept = tmp_path / "keys" / "demonstration-password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_two_installations_have_different_passwords(tmp_path):
    assert demonstration_password(tmp_path / "a") != demonstration_password(tmp_path / "b")


def test_seeds_at_the_same_time_agree_on_one_password(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(demonstration_password, [tmp_path] * 8))) == 1
