"""What a service raises when a rule says no. It knows no HTTP: the roof maps kinds to status codes."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A refusal with everything that a person or a program needs to go on.

    Attributes:
        code: stable, kebab-case; programs decide by it.
        message: one sentence for people.
        requirement: id of the rule behind it (`INV-1`, `DM:16` …), where there is one.
        fields: messages per field of the input, where the input is at fault.
        remedy: what to do about it, where we know.
    """

    code = "refused"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        requirement: str | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.requirement = requirement
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}
        self.remedy = remedy


class Invalid(DomainError):  # noqa: N818 - named for what is the case
    """The input breaks a rule; `fields` says which and where."""

    code = "invalid"


class NotPermitted(DomainError):  # noqa: N818 - named for what is the case
    """The actor may know about the object, and may not do this with it."""

    code = "not-permitted"


class NotFound(DomainError):  # noqa: N818 - named for what is the case
    """There is no such object, or the actor may not discover it: both look alike (INV-6)."""

    code = "not-found"


class Conflict(DomainError):  # noqa: N818 - named for what is the case
    """The object's state does not allow it now; someone else may have been faster."""

    code = "conflict"


class TooManyRequests(DomainError):  # noqa: N818 - named for what is the case
    """The same was asked too often in a short time; it is free again soon."""

    code = "too-many-requests"


class MigrationRefused(Exception):  # noqa: N818 - named for what is the case
    """A migration met data that it can not carry over; the message says what to do."""
