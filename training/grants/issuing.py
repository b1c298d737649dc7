"""From a node's request to a grant. The decision and the grant are one transaction; so is each refusal."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction

from catalog.policy.services import record_decision
from training.grants.events import record_grant_event
from training.grants.models import DataGrant
from training.grants.refusals import Refused, record_refusal
from training.grants.validation import Validated, validate_request
from training.nodes.models import Node


def request_grant(node: Node, body: Mapping[str, Any]) -> DataGrant:
    """Give a node leave to read what its manifest names, for 15 minutes at most (DM:4, DM:9).

    ``body`` is the parsed JSON of ``training.grants.requests.GrantManifest``.

    Raises:
        DomainError: the refusal, in the order of ``training.grants.validation``; its event is in the log.
    """
    try:
        validated = validate_request(node, body)
    except Refused as refused:
        record_refusal(node, refused)
        raise refused.error from None
    return _issue(node, validated)


@transaction.atomic
def _issue(node: Node, validated: Validated) -> DataGrant:
    key, manifest = uuid4(), validated.manifest
    decided = record_decision(actor=node.actor, decision=validated.decision, approval=f"grant:{key}")
    grant = DataGrant.objects.create(
        id=key,
        node=node,
        version=validated.version,
        tier=validated.version.tier,
        purpose=manifest.purpose,
        place=manifest.place,
        paths=[file.path for file in validated.files],
        output_tier=manifest.output.tier,
        manifest={"request": manifest.model_dump(mode="json"), "access": list(validated.access)},
        policy_version=validated.decision.policy_version,
        decision=decided.uuid,
        issued_at=validated.issued_at,
        expires_at=validated.expires_at,
    )
    record_grant_event(
        grant,
        "grant.issued",
        actor=node.actor,
        files=len(grant.paths),
        expires=grant.expires_at.isoformat(),
        output={"tier": str(manifest.output.tier), "licence": manifest.output.licence},
        asked=manifest.approval,
    )
    return grant
