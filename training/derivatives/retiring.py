"""Taking a registered model out of use. Its page and its lineage stay."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.datasets.models import audience_of
from provenance.actors import Actor
from provenance.errors import NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from provenance.text import required_text
from training.derivatives.models import TRANSITIONS, Derivative, DerivativeState
from training.derivatives.registering import members_that_register

LONGEST_CAUSE: Final = 300


@transaction.atomic
def retire_derivative(actor: Actor, derivative: Derivative, *, cause: str) -> Derivative:
    """Say that the model is not to be used any more, and why; nothing undoes this.

    Raises:
        NotPermitted: ``not-a-steward``. Invalid: ``cause-missing``, ``text-malformed``.
        Conflict: ``state-changed``, when it is retired already.
    """
    if derivative.member.slug not in members_that_register(actor):
        raise NotPermitted(
            "Only a steward or maintainer of its member retires a model.",
            code="not-a-steward",
            remedy="Ask one of that member.",
        )
    cause = required_text(
        cause, field="cause", longest=LONGEST_CAUSE, message="Say why.", code="cause-missing"
    )
    swap_state(derivative, to=DerivativeState.RETIRED, table=TRANSITIONS, retired_at=timezone.now())
    record_event(
        actor=actor,
        action="derivative.retired",
        subject=f"derivative:{derivative.slug}",
        audience=audience_of(derivative.tier, derivative.member.slug),
        evidence=Evidence(artifact=derivative.digest, details={"cause": cause}),
    )
    return derivative
