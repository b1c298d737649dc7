"""Real PostgreSQL and Valkey for the tests that ask for them; the others start nothing."""

import gc
import os
from collections.abc import Iterator
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.utils import translation

from tapestry.embedded import services
from tapestry.embedded.lock import AlreadyRunning
from tapestry.environment import Environment, read_environment
from tests.bucket import s3_url

__all__ = ["s3_url"]  # a fixture for whoever needs a bucket


def pytest_configure(config: pytest.Config) -> None:
    """Cheap passwords and plain static files. The var folder of tests is named in tapestry/environment.py."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]


def pytest_collection_finish() -> None:
    """Look less often for garbage: of what is loaded by now nothing ever goes. Saves a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def environment() -> Environment:
    return read_environment()


@pytest.fixture(scope="session")
def embedded_services(environment: Environment) -> Iterator[None]:
    """PostgreSQL and Valkey under TAPESTRY_VAR, for the session. Needs no database mark."""
    try:
        with services(environment, durable=False):
            yield
    except AlreadyRunning as error:
        pytest.exit(f"A second test run, or a running program: {error}", returncode=4)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, embedded_services: None
) -> None:
    """The server is up before Django makes the test database."""


@pytest.fixture(autouse=True)
def fresh_terms() -> Iterator[None]:
    """A test that edits a vocabulary is rolled back; what the process remembers of it goes too."""
    from catalog.vocabularies.reading import forget_terms

    forget_terms()
    yield
    forget_terms()


@pytest.fixture
def known_terms(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vocabularies are read already and for good, so that a count of queries is of the page alone."""
    from catalog.vocabularies import reading

    monkeypatch.setattr(reading, "_SECONDS", 3600)
    reading.forget_terms()
    reading.terms_of("theme")


@pytest.fixture
def short_folder() -> Iterator[str]:
    """A folder whose path leaves room for a unix socket, which pytest's own does not always."""
    with TemporaryDirectory(prefix="t-", dir=os.environ.get("TMPDIR")) as folder:
        yield folder


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language of a request stays with its thread: the next test starts in that of the settings."""
    yield
    translation.deactivate()
