"""Why a manifest is refused: stable codes for programs, fields and prose for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

BROKEN_RULES = "broken-rules"
"""The pydantic error type under which the rules of a whole manifest report; its context holds Problems."""

_CODES = {"missing": "missing-field", "extra_forbidden": "unknown-field"}
_OURS = {"bad-path", "bad-architecture"}
# Of several problems the one that explains the others gives the code: another version has other fields.
_FIRST = ("unknown-version", "missing-field", "unknown-field")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: code, dotted path of the field ("" for the whole), explanation."""

    code: str
    field: str
    detail: str


class ManifestError(ValueError):
    """A manifest that is refused, with a stable `code` and every problem that was seen.

    Schema: missing-field, unknown-field, unknown-version, invalid-value, bad-path, bad-architecture.
    Rules: weaker-output, private-in-contributed, local-bytes-requested, purpose-mismatch, job-incomplete,
    duplicate-input, duplicate-path, sequence-too-long, bad-mixture, bad-lifetime.
    Envelope: not-a-manifest, subjects-mismatch, expired, not-yet-valid, not-addressed, and the codes of
    provenance.signing.errors.EnvelopeError.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        self.code = _leading(self.problems)
        super().__init__("; ".join(f"{p.code} {p.field}: {p.detail}" for p in self.problems))

    @classmethod
    def single(cls, code: str, detail: str) -> "ManifestError":
        """An error about the whole document."""
        return cls([Problem(code, "", detail)])

    @classmethod
    def from_validation(cls, error: ValidationError) -> "ManifestError":
        """The same refusal in our codes. Input values are left out: they may be what must not be shown."""
        return cls(list(_problems(error.errors(include_input=False, include_url=False))))


def _problems(errors: Sequence[ErrorDetails]) -> Iterator[Problem]:
    for error in errors:
        if error["type"] == BROKEN_RULES:
            yield from error["ctx"]["problems"]
        elif not _only_follows(error, errors):
            yield Problem(_code(error), ".".join(str(step) for step in error["loc"]), error["msg"])


def _only_follows(error: ErrorDetails, errors: Sequence[ErrorDetails]) -> bool:
    # A list whose entries were refused is also called too short: that would point at the wrong field.
    loc = error["loc"]
    return error["type"] == "too_short" and any(e["loc"][: len(loc)] == loc != e["loc"] for e in errors)


def _code(error: ErrorDetails) -> str:
    if error["loc"] == ("schema_version",) and error["type"] != "missing":
        return "unknown-version"
    return error["type"] if error["type"] in _OURS else _CODES.get(error["type"], "invalid-value")


def _leading(problems: Sequence[Problem]) -> str:
    codes = [problem.code for problem in problems]
    return next((code for code in _FIRST if code in codes), codes[0])
