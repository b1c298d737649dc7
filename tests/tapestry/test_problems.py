"""Refusals of services become problem details with the right status."""

import json

import pytest
from django.db import OperationalError
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions as drf

from provenance.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from tapestry.problems import DomainErrorMiddleware, exception_handler


@pytest.mark.parametrize(
    ("kind", "status"),
    [(Conflict, 409), (NotPermitted, 403), (NotFound, 404), (Invalid, 422), (DomainError, 400)],
)
def test_each_kind_of_refusal_has_its_status(kind, status):
    answer = exception_handler(kind("No.", code="because"), {})
    assert answer.status_code == answer.data["status"] == status
    assert answer.data["code"] == "because"
    assert answer.content_type == "application/problem+json"


def test_a_refusal_carries_fields_rule_and_remedy():
    error = Invalid("No.", requirement="INV-1", fields={"files": ["raw bytes"]}, remedy="Send hashes.")
    body = exception_handler(error, {}).data
    assert body["requirement"] == "INV-1"
    assert body["fields"] == {"files": ["raw bytes"]}
    assert body["remedy"] == "Send hashes."


def test_nested_messages_become_paths():
    error = drf.ValidationError({"files": [{}, {"sha256": ["is short"]}]})
    assert exception_handler(error, {}).data["fields"] == {"files.1.sha256": ["is short"]}


def test_what_is_absent_and_what_is_hidden_answer_alike():
    absent = exception_handler(Http404("No Dataset matches the given query."), {}).data
    assert absent == exception_handler(drf.NotFound("Dataset 7 is private"), {}).data


def test_a_bug_is_not_made_to_look_like_a_refusal():
    assert exception_handler(ZeroDivisionError(), {}) is None


def test_outside_rest_framework_the_api_answers_with_a_problem_too():
    middleware = DomainErrorMiddleware(lambda _: None)
    answer = middleware.process_exception(RequestFactory().get("/api/v1/x"), Conflict("Too late."))
    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "conflict"


def test_a_database_that_is_away_is_a_503_that_tells_nothing_of_it():
    answer = exception_handler(OperationalError("connection to /var/run/x refused"), {})
    assert answer.status_code == 503
    assert answer.data["code"] == "unavailable"
    assert "/var/run" not in str(answer.data)
