"""/healthz and /readyz as a supervisor sees them."""

import pytest
from django.test import RequestFactory

from tapestry.health import views
from tapestry.health.checks import check_broker, check_database


def test_the_process_says_that_it_is_alive_without_asking_anyone():
    assert views.healthz(RequestFactory().get("/healthz")).status_code == 200


@pytest.mark.django_db
def test_the_database_tells_its_version():
    assert check_database().version.startswith("PostgreSQL 18")


@pytest.mark.usefixtures("embedded_services")
def test_the_broker_tells_its_name_and_version():
    assert check_broker().version.startswith("Valkey 9")
