"""/healthz and /readyz as a supervisor sees them."""

import json
import time

import pytest
from django.test import RequestFactory

from tapestry.broker import client
from tapestry.health import readiness, views
from tapestry.health.checks import check_broker, check_database, check_worker
from tapestry.health.heartbeats import WORKER, note


def test_the_process_says_that_it_is_alive_without_asking_anyone():
    assert views.healthz(RequestFactory().get("/healthz")).status_code == 200


@pytest.mark.django_db
def test_the_database_tells_its_version():
    assert check_database().version.startswith("PostgreSQL 18")


@pytest.mark.usefixtures("embedded_services")
def test_the_broker_tells_its_name_and_version():
    assert check_broker().version.startswith("Valkey 9")


@pytest.mark.django_db
def test_a_worker_without_a_heartbeat_keeps_us_from_being_ready():
    client().delete(WORKER)
    answer = views.readyz(RequestFactory().get("/readyz"))
    assert answer.status_code == 503
    assert json.loads(answer.content)["components"]["worker"]["state"] == "waiting"


@pytest.mark.usefixtures("embedded_services")
def test_a_heartbeat_makes_the_worker_well():
    note(WORKER)
    assert check_worker().detail.startswith("heartbeat")


def test_a_component_that_hangs_is_reported_within_a_second_and_a_bit(monkeypatch):
    monkeypatch.setattr(readiness, "CHECKS", {"slow": lambda: time.sleep(1.5)})
    begin = time.monotonic()
    report = readiness.readiness()
    assert report["components"]["slow"]["state"] == "failed"
    assert time.monotonic() - begin < 1.4


def test_the_text_of_an_error_stays_inside(monkeypatch):
    def refuse():
        raise OSError("host db-7.internal refused user tapestry")

    monkeypatch.setattr(readiness, "CHECKS", {"database": refuse})
    assert readiness.readiness()["components"]["database"] == {"state": "failed", "detail": "OSError"}
