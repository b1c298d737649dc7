"""Real rows, made the way the program makes them: through the services, with their events."""

import hashlib
from datetime import UTC, datetime
from itertools import count

from catalog.datasets.models import Dataset
from catalog.lifecycle.change_notes import write_change_note
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role, User
from catalog.members.services import admit_member, grant_role
from catalog.proposals.models import Proposal
from catalog.proposals.services import (
    attach_pointers,
    attach_seal,
    attach_upload,
    save_draft,
    start_proposal,
    submit_proposal,
)
from catalog.proposals.states import AcceptedFor
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from catalog.tiers import Tier, may_store_bytes
from provenance.actors import COORDINATOR, Actor, ActorKind
from provenance.signing.attestations import sign_seal
from provenance.signing.commitments import seal_items
from provenance.signing.keys import PrivateKey
from training.nodes.models import Node
from training.nodes.states import NodeState

TEXT = "Mọi người sinh ra đều được tự do.\nTous les êtres humains naissent libres.\n".encode()
_numbers = count(1)


def make_member(slug: str | None = None) -> Member:
    """The member with this slug, entered if it is new."""
    slug = slug or f"member-{next(_numbers)}"
    known = Member.objects.filter(slug=slug).first()
    return known or admit_member(
        actor=COORDINATOR, slug=slug, name=f"Institute {slug}", region="Asia", country="VN"
    )


def make_person(member: Member | str | None = None, *roles: str, email: str | None = None) -> User:
    """A person with these roles at one member (a slug is made a member); none at all without a member."""
    email = email or f"person-{next(_numbers)}@example.org"
    user = User.objects.create_user(email, "a good password", name=email.partition("@")[0])
    if member is not None:
        member = make_member(member) if isinstance(member, str) else member
        for role in roles or (Role.STEWARD,):
            grant_role(actor=COORDINATOR, user=user, member=member, role=Role(role))
    return user


def make_actor(member: Member | str | None = None, *roles: str) -> Actor:
    """The actor of a new person."""
    return actor_of(make_person(member, *roles))


def node_actor(member: Member | str) -> Actor:
    """A node of a member as policy sees it; no row behind it."""
    slug = member if isinstance(member, str) else member.slug
    return Actor(ActorKind.NODE, f"did:key:z6Mk{slug}", f"node of {slug}", frozenset({(slug, "node")}))


def complete_record(tier: str = Tier.OPEN, **changes: object) -> dict[str, object]:
    """A record that lacks nothing, as JSON."""
    residency = {
        "boundary": "Viet Nam",
        "storage": ["VN"],
        "processing": ["VN"],
        "raw_may_leave": False,
        "derived_may_leave": False,
        "updates_may_leave": True,
    }
    return {
        "title": {"en": "Declarations in Vietnamese", "vi": "Tuyên ngôn bằng tiếng Việt"},
        "summary": {"en": "One declaration, sentence by sentence."},
        "description": {"en": "Collected from a public source and proofread."},
        "artifact_type": "pre-training",
        "modality": "text",
        "themes": ["EDUC"],
        "languages": ["vi", "fr"],
        "represents": "Speakers of Vietnamese",
        "tier": str(tier),
        "licence": "CC-BY-4.0",
        "rights": {
            "commercial_use": True,
            "model_training": True,
            "redistribution": True,
            "attribution": True,
        },
        "permitted_stages": ["pretraining", "cpt", "evaluation"],
        "residency": None if tier == Tier.OPEN else residency,
        "personal_data": "none",
        "consent": "",
        "origin": "A public declaration.",
        "contact": {"name": "An", "email": "an@example.org"},
        "affirmed": True,
        **changes,
    }


def pointer(path: str = "texts/vi.txt", text: bytes = TEXT, language: str = "vi") -> dict[str, object]:
    """What a steward says of a file that stays on the node."""
    return {
        "path": path,
        "sha256": hashlib.sha256(text).hexdigest(),
        "bytes": len(text),
        "records": text.count(b"\n"),
        "language": language,
        "media_type": "text/plain",
    }


def make_draft(
    tier: str = Tier.OPEN,
    *,
    member: Member | None = None,
    actor: Actor | None = None,
    texts: dict[str, bytes] | None = None,
    slug: str | None = None,
    **changes: object,
) -> tuple[Actor, Proposal]:
    """A complete draft, with its steward. ``texts`` are bytes per language, in files ``<language>.txt``.

    A private one is sealed by a node of its member: record and texts are in the seal, and nowhere else.
    """
    member = member or make_member()
    actor = actor or make_actor(member, Role.STEWARD)
    texts = texts or {"vi": TEXT}
    record = complete_record(tier, **{"languages": [*texts], **changes})
    proposal = start_proposal(actor=actor, member=member, record=record, slug=slug)
    if tier == Tier.PRIVATE:
        envelope = sealed(member, record, texts)
        proposal = attach_seal(actor=actor, proposal=proposal, envelope=envelope)
        # The node rests from now on: an entry alone adds no node to a round.
        Node.objects.filter(did=proposal.record["node"]).update(state=NodeState.SUSPENDED)
        return actor, proposal
    for language, text in texts.items():
        path = f"{language}.txt"
        if may_store_bytes(Tier(tier)):
            proposal = attach_upload(
                actor=actor, proposal=proposal, path=path, language=language, chunks=[text]
            )
        else:
            manifest = [pointer(path, text, language)]
            proposal = attach_pointers(actor=actor, proposal=proposal, manifest=manifest)
    return actor, proposal


def make_node_key(member: Member) -> PrivateKey:
    """The key of a new active node of this member."""
    key = PrivateKey.generate()
    Node.objects.create(
        slug=f"node-{next(_numbers)}",
        name="Node",
        member=member,
        did=key.did,
        form=Node.Form.SOVEREIGN,
        state=NodeState.ACTIVE,
        jurisdiction="VN",
    )
    return key


def sealed(
    member: Member, record: dict[str, object] | None = None, texts: dict[str, bytes] | None = None
) -> dict[str, object]:
    """The envelope that a node of this member prints for a record and its texts."""
    files = [pointer(f"{tag}.txt", text, tag) for tag, text in (texts or {"vi": TEXT}).items()]
    seal = seal_items([record or complete_record(Tier.PRIVATE), *files])
    return sign_seal(seal.commitment, key=make_node_key(member), at=datetime.now(UTC))


def make_submitted(tier: str = Tier.OPEN, **changes: object) -> tuple[Actor, Proposal]:
    """A draft, handed in; a private one is then published."""
    actor, proposal = make_draft(tier, **changes)
    return actor, submit_proposal(actor=actor, proposal=proposal)


def make_dataset(
    tier: str = Tier.OPEN, *, accepted_for: AcceptedFor = AcceptedFor.TRAINING, **changes: object
) -> Dataset:
    """A published entry with version 1, after the approvals it needs. Arguments as ``make_draft``."""
    _, proposal = make_submitted(tier, **changes)
    if tier != Tier.PRIVATE:
        approve(proposal, accepted_for=accepted_for)
    proposal.refresh_from_db()
    return Dataset.objects.get(pk=proposal.dataset_id)


def make_next_version(
    dataset: Dataset, *, change_note: str = "Proofread again.", **changes: object
) -> Dataset:
    """The entry with one more version, whose record has these changes."""
    actor = make_actor(dataset.member, Role.STEWARD)
    draft = start_proposal(actor=actor, member=dataset.member, dataset=dataset)
    if dataset.tier != Tier.PRIVATE:
        draft = write_change_note(actor=actor, proposal=draft, text=change_note, expected_revision=1)
    record = {**draft.record, "affirmed": True, **changes}
    draft = save_draft(actor=actor, proposal=draft, record=record, expected_revision=draft.revision)
    proposal = submit_proposal(actor=actor, proposal=draft)
    if dataset.tier != Tier.PRIVATE:
        approve(proposal)
    dataset.refresh_from_db()
    return dataset


def approve(
    proposal: Proposal,
    times: int = 2,
    *,
    actor: Actor | None = None,
    accepted_for: AcceptedFor = AcceptedFor.TRAINING,
    note: str = "",
) -> None:
    """Approvals by maintainers of as many different members; by ``actor`` alone, if one is given."""
    speakers = [actor] if actor else [make_actor(make_member(), Role.MAINTAINER) for _ in range(times)]
    for speaker in speakers:
        review_proposal(
            actor=speaker, proposal=proposal, verdict=Verdict.APPROVE, accepted_for=accepted_for, note=note
        )
