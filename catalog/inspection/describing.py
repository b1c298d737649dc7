"""Taking a node's description into a draft: its list of files at once, its facts for later."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from catalog.inspection.attesting import Attestation, read_attestation, refusal
from catalog.inspection.waiting import DESCRIBED
from catalog.proposals.access import audience_of, lock_for_editing
from catalog.proposals.attaching import attach_pointers
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.blobs import get_store
from provenance.events.services import Evidence, record_event
from provenance.signing.canonical import canonicalize


@transaction.atomic
def attach_description(*, actor: Actor, proposal: Proposal, envelope: Mapping[str, Any]) -> Proposal:
    """Attach the files that a node described, and keep its word for the day of publication.

    Files that are attached already, with the same bytes, stay as they are.

    Raises:
        Invalid: as ``read_attestation`` and ``attach_pointers``; ``attestation-stale``, when a path is
            attached with other bytes.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    said = read_attestation(envelope, member=draft.member)
    new = _not_attached(draft, said)
    if new:
        draft = attach_pointers(actor=actor, proposal=draft, manifest=new)
    if said.facts is None:
        return draft
    blob = get_store().put([canonicalize(said.envelope)])
    record_event(
        actor=actor,
        action=DESCRIBED,
        subject=f"proposal:{draft.pk}",
        audience=audience_of(draft),
        evidence=Evidence(details={"revision": draft.revision, "description": blob.sha256, "node": said.did}),
    )
    return draft


def _not_attached(draft: Proposal, said: Attestation) -> list[dict[str, Any]]:
    attached = {file["path"]: file["sha256"] for file in draft.files}
    described = {file["path"]: file["sha256"] for file in said.files}
    stale = [path for path, sha256 in described.items() if attached.get(path, sha256) != sha256]
    if stale:
        raise refusal(
            f"Attached with other bytes than were described: {', '.join(stale[:5])}.",
            "attestation-stale",
            "Describe the data again; or detach these files first, if the description is the newer one.",
        )
    named = ("path", "sha256", "bytes", "records", "language", "mediaType")
    return [{name: file[name] for name in named} for file in said.files if file["path"] not in attached]
