"""The seven steps from a request to a grant, in the order of FIELD.md §3, so that a refusal reveals nothing.

Up to the third step a version that is missing, one that is hidden and one of somebody else's private entry
are refused in the same words. Each step is one function; each raises ``Refused``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from catalog.access.reading import grants_for
from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.policy import Decision, Operation, decide
from catalog.tiers import Purpose
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from training.grants.approvals import check_approval
from training.grants.licences import keeps_licence
from training.grants.refusals import Refused, denied
from training.grants.requests import GrantManifest, Reference, read_manifest, read_reference
from training.nodes.models import Node
from training.nodes.states import NodeState

LONGEST: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """A request that passed: what may be read, until when, and the policy's answer.

    ``access`` are the ids of the granted access requests that the answer rests on.
    """

    version: DatasetVersion
    manifest: GrantManifest
    decision: Decision
    files: tuple[DatasetFile, ...]
    access: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime


def validate_request(node: Node, body: Mapping[str, Any]) -> Validated:
    """Take a request through the seven steps.

    Raises:
        Refused: at the first step that says no.
    """
    check_caller(node)
    reference, found = resolve_version(body)
    version = require_discoverable(node, reference, found)
    manifest = check_governance(node, version, body)
    decision = ask_policy(node, version, manifest)
    check_output(node, version, manifest)
    return narrow(version, manifest, decision)


def check_caller(node: Node) -> None:
    """Step 1: the request's signature named the node; here it still takes part, for its member (DM:13)."""
    if node.state != NodeState.ACTIVE:
        raise Refused(NotPermitted(f"The node {node.slug} is {node.state}.", code="node-not-active"))


def resolve_version(body: Mapping[str, Any]) -> tuple[Reference, DatasetVersion | None]:
    """Step 2: which immutable version is meant. That there is none is said with the next step."""
    try:
        reference = read_reference(body)
    except Invalid as error:
        raise Refused(error) from None
    versions = DatasetVersion.objects.filter(dataset__slug=reference.dataset).select_related(
        "dataset__member"
    )
    named = {"digest": reference.digest} if reference.digest else {"number": reference.number}
    return reference, versions.filter(**named).first()


def require_discoverable(node: Node, reference: Reference, found: DatasetVersion | None) -> DatasetVersion:
    """Step 3: may the caller know of it? Missing and hidden ones cost the same queries, and look alike."""
    known = DatasetVersion.objects.visible_to(node.actor).filter(pk=found.pk if found else 0)
    if not known.exists() or found is None:
        missing = NotFound("There is no such version.", code="version-not-found")
        raise Refused(missing, asked=reference.model_dump(exclude_none=True))
    return found


def check_governance(node: Node, version: DatasetVersion, body: Mapping[str, Any]) -> GrantManifest:
    """Step 4: the manifest is whole and of a version that we read, and what it calls its approval stands."""
    try:
        manifest = read_manifest(body)
        check_approval(node, version, manifest)
    except (Invalid, NotPermitted) as error:
        raise Refused(error, version) from None
    return manifest


def ask_policy(node: Node, version: DatasetVersion, manifest: GrantManifest) -> Decision:
    """Step 5: purpose, place, time and operation (DM:11, DM:15)."""
    if manifest.place != node.jurisdiction:
        error = NotPermitted(
            f"The node {node.slug} is enrolled in {node.jurisdiction}.",
            code="place-mismatch",
            requirement="DM:15",
        )
        raise Refused(error, version)
    decision = decide_read(node, version, manifest.purpose)
    if not decision.allowed:
        raise denied(decision, version)
    return decision


def decide_read(node: Node, version: DatasetVersion, purpose: Purpose) -> Decision:
    """Ask whether the node may be handed bytes now; granted requests count for another member's own build."""
    foreign = purpose is Purpose.SOVEREIGN_BUILD and version.dataset.member_id != node.member_id
    return decide(
        actor=node.actor,
        operation=Operation.SERVE_TO_NODE,
        version_or_facts=version,
        purpose=purpose,
        place=node.jurisdiction,
        grants=grants_for(version.dataset_id, node.member.slug) if foreign else (),
    )


def check_output(node: Node, version: DatasetVersion, manifest: GrantManifest) -> None:
    """Step 6: what will be made is at least as restricted as this input, in tier and licence (DM:8)."""
    decision = decide(
        actor=node.actor,
        operation=Operation.DERIVE,
        version_or_facts=version,
        purpose=manifest.purpose,
        place=node.jurisdiction,
        output=manifest.output.tier,
    )
    if not decision.allowed:
        raise denied(decision, version)
    source = str(version.record["licence"])
    if not keeps_licence(manifest.output.licence, source):
        error = Invalid(
            f"What is made of it has to stay under {source}.",
            code="weaker-licence",
            requirement="DM:8",
            fields={"output.licence": [f"must hold {source}"]},
        )
        raise Refused(error, version)


def narrow(version: DatasetVersion, manifest: GrantManifest, decision: Decision) -> Validated:
    """Step 7: the files that were named and no others, for minutes, never longer than what it rests on."""
    stored = version.files.filter(storage=DatasetFile.Storage.BLOB)
    if manifest.paths is not None:
        stored = stored.filter(path__in=manifest.paths)
    files = tuple(stored)
    unknown = sorted({*(manifest.paths or ())} - {file.path for file in files})
    if unknown:
        message = f"This version stores no such file: {', '.join(unknown[:5])}."
        raise Refused(Invalid(message, code="path-unknown", fields={"paths": [message]}), version)
    if not files:
        raise Refused(
            Conflict("The data are elsewhere; the entry says where.", code="nothing-stored"), version
        )
    now = timezone.now()
    resting = [
        grant
        for grant in decision.question.grants
        if (grant.member, grant.purpose) == (decision.actor.member, manifest.purpose)
        and grant.expires_at > now
    ]
    latest = max(resting, key=lambda grant: grant.expires_at, default=None)
    end = now + LONGEST
    return Validated(
        version=version,
        manifest=manifest,
        decision=decision,
        files=files,
        access=(str(latest.id),) if latest else (),
        issued_at=now,
        expires_at=min(end, latest.expires_at) if latest else end,
    )
