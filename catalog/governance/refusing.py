"""Who tried to govern without a voice: the attempt is refused, and stays in the log (INV-7)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from catalog.governance.models import Motion
from provenance.actors import CONSORTIUM, Actor, ActorKind
from provenance.errors import NotPermitted
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event

P = ParamSpec("P")
R = TypeVar("R")


def logs_refusals(asked: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a service in a transaction, and record when it does not permit its actor what is ``asked``."""

    def around(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def run(*args: P.args, **said: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return service(*args, **said)
            except NotPermitted as refused:
                details: dict[str, Any] = dict(said)
                record_refusal(refused, asked=asked, **details)
                raise

        return run

    return around


@transaction.atomic
def record_refusal(
    refused: NotPermitted, *, actor: Actor, asked: str, motion: Motion | None = None, **_rest: Any
) -> None:
    """Log a refusal in a transaction of its own, which outlives the one that it ended.

    The consortium reads of it. A stranger leaves none: without an account there is nobody to name.
    """
    if actor.kind is ActorKind.ANONYMOUS:
        return
    record_event(
        actor=actor,
        action="motion.refused",
        subject=f"motion:{motion.pk}" if motion else "",
        outcome=Outcome.DENIED,
        reason_codes=[refused.code],
        audience=CONSORTIUM,
        evidence=Evidence(details={"asked": asked}),
    )
