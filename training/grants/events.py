"""Who hears of a grant: the consortium, or, where it rests on a granted request, its two members alone."""

from collections.abc import Sequence
from typing import Any

from provenance.actors import CONSORTIUM, Actor, member_audience
from provenance.events.models import Event, Outcome
from provenance.events.services import Evidence, record_event
from training.grants.models import DataGrant
from training.grants.standing import access_of


def record_grant_event(
    grant: DataGrant,
    action: str,
    *,
    actor: Actor,
    outcome: Outcome = Outcome.DONE,
    reason_codes: Sequence[str] = (),
    **details: Any,
) -> Event:
    """Append one event about a grant for each audience, and return the first.

    Raises:
        RuntimeError: outside a transaction.
    """
    version = grant.version
    parties = sorted({version.dataset.member.slug, grant.node.member.slug})
    audiences = [member_audience(slug) for slug in parties] if access_of(grant) else [CONSORTIUM]
    events = [
        record_event(
            actor=actor,
            action=action,
            subject=f"version:{version.digest}",
            outcome=outcome,
            reason_codes=reason_codes,
            audience=audience,
            evidence=Evidence(
                artifact=version.digest,
                purpose=grant.purpose,
                place=grant.place,
                policy_version=grant.policy_version,
                approval=f"grant:{grant.pk}",
                details={"node": grant.node.slug, **details},
            ),
        )
        for audience in audiences
    ]
    return events[0]
