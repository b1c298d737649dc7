"""Errors as RFC 9457 problem details. Wrong input never becomes a 5xx."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from provenance.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted, TooManyRequests

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[DomainError], HTTPStatus], ...] = (
    (Conflict, HTTPStatus.CONFLICT),
    (NotPermitted, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TooManyRequests, HTTPStatus.TOO_MANY_REQUESTS),
)
_CODES = {
    HTTPStatus.BAD_REQUEST: "bad-request",
    HTTPStatus.UNAUTHORIZED: "not-authenticated",
    HTTPStatus.FORBIDDEN: "not-permitted",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not-acceptable",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.PRECONDITION_FAILED: "precondition-failed",
    HTTPStatus.PRECONDITION_REQUIRED: "precondition-required",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
    HTTPStatus.TOO_MANY_REQUESTS: "too-many-requests",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}


def status_of(error: DomainError) -> HTTPStatus:
    """The HTTP status for a kind of refusal; a kind of its own is a bad request, never a server error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)


def problem(
    status: int,
    *,
    detail: str,
    code: str | None = None,
    fields: dict[str, list[str]] | None = None,
    requirement: str | None = None,
    remedy: str | None = None,
) -> dict[str, Any]:
    """The body: type, title, status, code, detail, and what else is known (RFC 9457 §3)."""
    known = HTTPStatus(status)
    body = {
        "type": "about:blank",
        "title": known.phrase,
        "status": int(known),
        "code": code or _CODES.get(known, "error"),
    }
    body["detail"] = detail
    extra = {"fields": fields, "requirement": requirement, "remedy": remedy}
    return {**body, **{name: value for name, value in extra.items() if value}}


def domain_problem(error: DomainError) -> dict[str, Any]:
    """The body for a refusal of a service."""
    return problem(
        status_of(error),
        detail=error.message,
        code=error.code,
        fields=error.fields,
        requirement=error.requirement,
        remedy=error.remedy,
    )


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's hook: known errors as problem+json; None lets others surface as bugs."""
    if isinstance(error, DomainError):
        set_rollback()
        return _respond(domain_problem(error))
    if isinstance(error, DjangoValidationError):
        error = drf.ValidationError(detail=_django_fields(error))
    elif isinstance(error, RequestDataTooBig):
        return _respond(problem(413, detail="The body is larger than this address takes."))
    elif isinstance(error, BadRequest):
        error = drf.ParseError(str(error))
    elif isinstance(error, InterfaceError | OperationalError):
        log.error("the database is away: %s", type(error).__name__)
        return _respond(problem(503, detail="The database does not answer now. Try again in a moment."))
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    # What an error of ours has to tell beyond that: members of its own (RFC 9457 §3.2), and headers.
    body = {**problem(response.status_code, **_explain(error)), **getattr(error, "extensions", {})}
    answer = _respond(body)
    for name, value in getattr(error, "headers", {}).items():
        answer[name] = value
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def _respond(body: dict[str, Any]) -> Response:
    return Response(body, status=body["status"], content_type=MEDIA_TYPE)


def _django_fields(error: DjangoValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": list(error.messages)}


def _explain(error: Exception) -> dict[str, Any]:
    """Detail, code and fields of REST framework's and Django's own errors."""
    if isinstance(error, drf.ValidationError):
        fields = _flatten(error.detail)
        return {"detail": "The input breaks a rule; see fields.", "code": "invalid", "fields": fields}
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        return {"detail": str(error.detail), "code": "not-authenticated"}
    if isinstance(error, drf.ParseError):
        return {"detail": str(error.detail), "code": "malformed"}
    if isinstance(error, Http404 | drf.NotFound):
        # The framework's text names models and keys; what may not be discovered has none (INV-6).
        return {"detail": "There is nothing here that you may see."}
    if isinstance(error, PermissionDenied):
        return {"detail": "You may not do this."}
    return {"detail": str(getattr(error, "detail", error))}


def _flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested messages as `{"files.0.sha256": ["…"]}`."""
    if isinstance(detail, dict):
        parts = [_flatten(value, f"{path}.{name}" if path else str(name)) for name, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        parts = [
            _flatten(value, f"{path}.{index}" if path else str(index)) for index, value in enumerate(detail)
        ]
    else:
        texts = detail if isinstance(detail, list) else [detail]
        return {path or "non_field_errors": [str(text) for text in texts]} if texts else {}
    return {name: texts for part in parts for name, texts in part.items()}


class DomainErrorMiddleware:
    """Pages: a refusal that no view caught becomes a readable page with the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is in `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page `templates/tapestry/refused.html`, or problem+json where the caller asked for JSON."""
        if not isinstance(error, DomainError):
            return None
        body = domain_problem(error)
        if request.path.startswith("/api/") or not request.accepts("text/html"):
            return JsonResponse(body, status=body["status"], content_type=MEDIA_TYPE)
        return render(request, "tapestry/refused.html", {"problem": body}, status=body["status"])
