"""How a sovereign model enters the catalog: row, artifact, signed statement, event (DG:5, INV-2, INV-3)."""

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify

from catalog.datasets.models import SEALED, DatasetVersion, audience_of
from catalog.members.models import Member, Role
from catalog.policy import Operation, Reason, decide
from catalog.tiers import Tier
from provenance.actors import Actor, ActorKind
from provenance.errors import Invalid, NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.lineage.models import Artifact, ArtifactKind, Relation, Statement
from provenance.lineage.services import connect, register_artifact
from provenance.signing.canonical import digest as canonical_digest
from provenance.signing.statements import PREDICATE_DERIVATIVE, Subject
from training.checkpoints.models import Checkpoint
from training.derivatives.models import Derivative
from training.derivatives.wording import Description, checked
from training.statements import attest
from training.voices import person_of

DOCUMENT_TYPE: Final = "tapestry-derivative-v1"
ROLES: Final = (Role.STEWARD, Role.MAINTAINER)


def members_that_register(actor: Actor) -> frozenset[str]:
    """Return the slugs of the members for which ``actor`` may register a model: as steward or maintainer."""
    if actor.kind is not ActorKind.PERSON:
        return frozenset()
    return frozenset().union(*(actor.members_with(role) for role in ROLES))


@transaction.atomic
def register_derivative(
    actor: Actor,
    member: Member,
    base: Checkpoint,
    said: Description,
    *,
    versions: Sequence[DatasetVersion] = (),
) -> Derivative:
    """Register a model that ``member`` made from ``base`` and, as far as it tells, from ``versions``.

    The tier is at least as strict as that of each named version, as policy decides; what is private is
    known to nobody else, not even that it is there.

    Raises:
        NotPermitted: ``not-a-steward``. Invalid: see `training.derivatives.wording.checked`; besides
            ``weaker-output`` (INV-2), ``version-withdrawn``, ``owner-only`` and ``version-unknown``.
    """
    if member.slug not in members_that_register(actor):
        raise NotPermitted(
            "Only a steward or maintainer of the member registers its models.",
            code="not-a-steward",
            remedy="Ask one of your member.",
        )
    said = checked(said)
    named = _derivable(actor, member, versions, said.tier)
    key = uuid.uuid4()
    name = said.name or f"Sealed model {str(key)[:8]}"
    document = _document(key, name, member, base, said, named)
    digest = canonical_digest(document)
    statement = attest(
        subjects=[Subject(name, said.weights_sha256 or digest)],
        predicate_type=PREDICATE_DERIVATIVE,
        predicate={"derivative": digest, "document": document},
    )
    derivative = Derivative.objects.create(
        pk=key,
        # Part of its key, so that no name which is taken tells of a private one.
        slug=f"{slugify(name)[:60] or 'model'}-{str(key)[:8]}" if said.name else f"sealed-{str(key)[:8]}",
        name=name,
        member=member,
        base=base,
        digest=digest,
        statement=statement,
        registered_by=person_of(actor),
        tier=said.tier,
        stages=list(said.stages),
        languages=list(said.languages),
        licence=said.licence,
        card=dict(said.card),
        commitments=list(said.commitments),
        weights_sha256=said.weights_sha256,
        address=said.address,
    )
    derivative.versions.set(named)
    _trace(actor, derivative, [base.digest, *(version.digest for version in named)], statement)
    return derivative


def _derivable(
    actor: Actor, member: Member, versions: Sequence[DatasetVersion], tier: Tier
) -> list[DatasetVersion]:
    """Return the named versions by digest, after asking policy about each (DM:8)."""
    visible = DatasetVersion.objects.visible_to(actor).select_related("dataset__member")
    named = list(visible.filter(pk__in=[version.pk for version in versions]).order_by("digest"))
    if len(named) != len({version.pk for version in versions}):
        told = {"versions": ["there is no such version"]}
        raise Invalid("A version that is named is not here.", code="version-unknown", fields=told)
    for version in named:
        if version.tier in SEALED and version.dataset.member_id != member.pk:
            raise _against(Reason.OWNER_ONLY, version)
        asked = decide(actor=actor, operation=Operation.DERIVE, version_or_facts=version, output=tier)
        for code in asked.reason_codes:
            raise _against(code, version)
    return named


def _against(code: str, version: DatasetVersion) -> Invalid:
    if code == Reason.WEAKER_OUTPUT:
        return Invalid(
            f"It would be less restricted than {version}, which is {version.tier}.",
            code=code,
            requirement="INV-2",
            fields={"tier": [f"at least as strict as {version.tier}"]},
            remedy="Choose a stricter tier.",
        )
    told = {"versions": [f"{version}: {code}"]}
    return Invalid(f"Nothing new is made of {version}.", code=code, requirement="DM:17", fields=told)


def _document(
    key: uuid.UUID,
    name: str,
    member: Member,
    base: Checkpoint,
    said: Description,
    versions: Sequence[DatasetVersion],
) -> dict[str, Any]:
    """Return what the digest covers and the coordinator signs."""
    return {
        "type": DOCUMENT_TYPE,
        "id": str(key),
        "name": name,
        "member": member.slug,
        "base": base.digest,
        "tier": str(said.tier),
        "stages": list(said.stages),
        "languages": list(said.languages),
        "licence": said.licence,
        "card": dict(said.card),
        "versions": [version.digest for version in versions],
        "commitments": list(said.commitments),
        "weights": said.weights_sha256,
        "address": said.address,
    }


def _trace(actor: Actor, derivative: Derivative, parents: Sequence[str], statement: Statement) -> None:
    """Draw its edges, on the signed word alone (INV-4), and tell the log: for its member alone if private."""
    audience = audience_of(derivative.tier, derivative.member.slug)
    artifact = register_artifact(
        digest=derivative.digest,
        kind=ArtifactKind.DERIVATIVE,
        name=derivative.name,
        snapshot={"slug": derivative.slug, "member": derivative.member.slug, "tier": derivative.tier},
        audience=audience,
    )
    targets = Artifact.objects.filter(digest__in=parents)
    connect(source=artifact, targets=targets, relation=Relation.DERIVED_FROM, statement=statement)
    record_event(
        actor=actor,
        action="derivative.registered",
        subject=f"derivative:{derivative.slug}",
        audience=audience,
        evidence=Evidence(
            artifact=derivative.digest,
            parents=parents,
            outputs=[derivative.digest],
            details={
                "member": derivative.member.slug,
                "tier": derivative.tier,
                "sealed": derivative.tier in SEALED,
            },
        ),
    )
