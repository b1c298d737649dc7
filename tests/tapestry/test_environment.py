"""Variables are read once, typed, and refused by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from tapestry.environment import LONGEST_SOCKET_PATH, EnvironmentInvalid, parse_environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TAPESTRY_PORT", "eighty"),
        ("TAPESTRY_PORT", "70000"),
        ("TAPESTRY_DEBUG", "perhaps"),
        ("TAPESTRY_PUBLIC_URL", "catalog.example"),
        ("TAPESTRY_SECRET_KEY", "k3y"),
        ("DATABASE_URL", "mysql://localhost/tapestry"),
        ("REDIS_URL", "localhost:6379"),
        ("BLOB_URL", "/srv/blobs"),
        ("EMAIL_URL", "pigeon://"),
    ],
)
def test_a_variable_that_cannot_be_used_is_refused_by_its_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvironmentInvalid, match=f"^{name}: ") as refused:
        parse_environment()
    assert name == "TAPESTRY_PORT" or value not in str(refused.value)


def test_manage_py_says_so_in_one_line_and_exits_with_2(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check"],
        env={"TAPESTRY_PORT": "eighty", "TAPESTRY_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Cannot start: TAPESTRY_PORT: ")
    assert "Traceback" not in done.stderr


def test_an_empty_variable_means_its_default(monkeypatch):
    monkeypatch.setenv("TAPESTRY_PORT", "")
    assert parse_environment().port == 8000


def test_a_relative_var_becomes_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAPESTRY_VAR", "here")
    assert parse_environment().var == tmp_path / "here"


def test_a_long_var_gets_a_short_socket_folder_of_its_own(tmp_path):
    one = parse_environment(var=tmp_path / ("long" * 30))
    other = parse_environment(var=tmp_path / ("long" * 31))
    assert len(str(one.postgres_sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert one.socket_folder != other.socket_folder


def test_the_secret_key_is_made_once_and_is_private(tmp_path):
    environment = parse_environment(var=tmp_path, secret_key_given="")
    assert environment.secret_key() == environment.secret_key()
    assert (tmp_path / "keys" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_secrets_are_not_in_what_is_printed(tmp_path):
    environment = parse_environment(var=tmp_path, database_url_given="postgresql://me:pa55@host/db")
    assert "pa55" not in repr(environment)
