"""What can go wrong on a node, named by who must act."""

from typing import Final


class NodeError(Exception):
    """Base of all: ``code`` is stable and goes to the coordinator, the text is for the node's operator.

    Attributes:
        retry: whether a later attempt may succeed without anybody changing anything.
    """

    retry = False

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SetupError(NodeError):
    """The node's own folder or configuration needs its operator."""


class Refused(NodeError):  # noqa: N818 - an answer, not a mistake
    """This node's policy, or the manifest itself, forbids the job; nothing was done."""


class JobError(NodeError):
    """The job can not succeed as it stands."""


class Died(JobError):  # noqa: N818 - named for what is the case
    """What computed was killed and gave no reason; it goes on from its newest checkpoint."""

    retry = True


class Interrupted(NodeError):  # noqa: N818 - named for what is the case
    """The job was stopped from outside and may run again."""

    retry = True


class Held(NodeError):  # noqa: N818 - named for what is the case
    """The job may run here, but not now: time, a person or space will help. Nothing is lost by waiting."""

    retry = True


class Gone(NodeError):  # noqa: N818 - named for what is the case
    """The coordinator no longer wants this work from us: taken by another attempt, cancelled, or done."""


class Over(NodeError):  # noqa: N818 - named for what is the case
    """The job has ended over there; ``code`` says how."""


class Unreachable(NodeError):  # noqa: N818 - named for what is the case
    """The coordinator did not answer in time."""

    retry = True


STANDING: Final = frozenset(
    {
        *("node-not-active", "protocol-too-old", "key-unknown", "key-rotated"),
        *("signature-expired", "signature-not-yet-valid"),
    }
)
"""Codes about the node itself and not about a job: its work waits on its disk until they are gone."""
LATER: Final = frozenset({"window-closed", "job-not-yet", "job-paused", "job-ended"})
"""Codes of a job that is ours and has to wait over there: asked again in a while."""
OVER: Final = {
    "round-over": "round-over",
    "too-stale": "round-over",
    "job-not-found": "unknown",
}
"""Codes after which nothing more is wanted from us, and how the journal is closed."""
