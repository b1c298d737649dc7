"""Signed statements as the lineage keeps them: the coordinator's own, and those that were verified."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from provenance.identity.services import coordinator_key, coordinator_key_id
from provenance.lineage.models import Statement
from provenance.lineage.services import keep_statement
from provenance.signing.dsse import seal
from provenance.signing.statements import Subject, statement


def attest(*, subjects: Sequence[Subject], predicate_type: str, predicate: Mapping[str, Any]) -> Statement:
    """Sign an in-toto Statement as the coordinator and keep it for the lineage.

    Raises:
        StatementError: the statement would be malformed.
    """
    payload = statement(subjects=subjects, predicate_type=predicate_type, predicate=predicate)
    key_id = coordinator_key_id()
    envelope = seal(payload, key=coordinator_key(), key_id=key_id)
    return keep_statement(envelope=envelope, predicate_type=predicate_type, key_ids=[key_id])


def keep_envelope(envelope: Mapping[str, Any], *, predicate_type: str, key_ids: Collection[str]) -> Statement:
    """Keep an envelope whose signatures by ``key_ids`` were verified, and nothing else that came with it."""
    return keep_statement(
        envelope=verified_part(envelope, key_ids), predicate_type=predicate_type, key_ids=key_ids
    )


def verified_part(envelope: Mapping[str, Any], key_ids: Collection[str]) -> dict[str, Any]:
    """Return the envelope with the signatures by ``key_ids``, which were verified, and without all else.

    The protocol lets readers pass over unknown fields and signers; what nobody checked is not kept as
    evidence.
    """
    return {
        "payloadType": envelope["payloadType"],
        "payload": envelope["payload"],
        "signatures": [
            {"keyid": signature["keyid"], "sig": signature["sig"]}
            for signature in envelope["signatures"]
            if signature["keyid"] in key_ids
        ],
    }
