"""Fills an empty catalog with the demonstration consortium, through the same services as everybody else.

Every part looks first whether it is there, so that a seed that was killed goes on where it stopped.
"""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from catalog.datasets.models import Dataset
from catalog.inspection.describing import attach_description
from catalog.members.founding import end_founding, is_founded
from catalog.members.models import Member, Role, User
from catalog.members.services import admit_member, grant_role
from catalog.proposals import services as proposals
from catalog.proposals.models import Proposal
from catalog.proposals.states import AcceptedFor, ProposalState
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from catalog.tiers import RULES, Tier
from provenance.actors import COORDINATOR, Actor
from tapestry.demonstration.accounts import demonstration_password
from tapestry.demonstration.consortium import Consortium, DatasetEntry
from tapestry.demonstration.consortium import Node as NodeEntry
from tapestry.demonstration.describing import describe_on_node
from tapestry.demonstration.facts import corpus_path, load_consortium
from tapestry.demonstration.node_homes import home_of, lay_out_home
from tapestry.demonstration.people import maintainers, person
from tapestry.demonstration.reviewing import (
    appoint_community_reviewers,
    leave_a_review_open,
    leave_a_vote_open,
)
from tapestry.demonstration.sealing import list_sealed
from training.families.models import ModelFamily
from training.families.services import found_family
from training.merge.architecture import DEMONSTRATION
from training.nodes.enrolment import request_enrolment
from training.nodes.models import Node
from training.nodes.services import approve_node, suspend_node
from training.nodes.states import NodeState

Announce = Callable[[str], None]
FAMILY = "loom-tiny"
READ = "Record, licence and tier read; they fit."
RESTS = "Its data are sealed; the machine is switched off until its member needs it."


def seed(announce: Announce = lambda _: None) -> None:
    """Make members, people, nodes, datasets and the first base, as far as they are missing."""
    consortium = load_consortium()
    _found(consortium)
    announce(f"{len(consortium.members)} members, {len(consortium.people)} people")
    for node in consortium.nodes:
        lay_out_home(consortium, node)
        _enrol(consortium, node)
    announce(f"{len(consortium.nodes)} nodes, each with a key of its own")
    for entry in consortium.datasets:
        list_dataset(consortium, entry)
    _let_rest(consortium)
    announce(f"{len(consortium.datasets)} datasets proposed, reviewed by two maintainers each, and published")
    if not ModelFamily.objects.filter(slug=FAMILY).exists():
        founder = maintainers(consortium, without="")[0]
        found_family(founder, slug=FAMILY, name="Loom Tiny", architecture=DEMONSTRATION, seed=1)
    appoint_community_reviewers(consortium)
    leave_a_review_open(consortium)
    leave_a_vote_open(consortium)
    announce("one proposal in review, one vote open, and a community reviewer whom all members appointed")
    announce(f"model family {FAMILY}: {DEMONSTRATION.parameters():,} parameters, base 0")


def list_dataset(consortium: Consortium, entry: DatasetEntry, announce: Announce = lambda _: None) -> Dataset:
    """Propose, submit and review one entry until it is published; a published one is returned as it is."""
    steward = person(consortium, member=entry.member, role=Role.STEWARD)
    if entry.tier is Tier.PRIVATE:
        return list_sealed(consortium, entry, steward=steward, record=record_of(consortium, entry))
    published = Dataset.objects.filter(proposals__slug=entry.slug, member__slug=entry.member).first()
    if published:
        return published
    proposal = _drafted(consortium, steward, entry)
    if proposal.state in (ProposalState.DRAFT, ProposalState.CHANGES_REQUESTED):
        proposal = proposals.submit_proposal(actor=steward, proposal=proposal)
        announce(f"{steward.label} submitted “{entry.title['en']}” ({entry.tier})")
    for maintainer in maintainers(consortium, without=entry.member):
        proposal.refresh_from_db()
        if proposal.state == ProposalState.ACCEPTED:
            break
        if not proposal.reviews.filter(reviewer=maintainer.key).exists():
            review_proposal(
                actor=maintainer,
                proposal=proposal,
                verdict=Verdict.APPROVE,
                accepted_for=AcceptedFor.TRAINING,
                note=READ,
            )
            announce(f"{maintainer.label} of {maintainer.member} approved")
    return Dataset.objects.get(proposals=proposal)


def record_of(consortium: Consortium, entry: DatasetEntry) -> dict[str, object]:
    """Return the entry as the proposal form saves it."""
    contact = next(p for p in consortium.people if p.email == entry.contact)
    same = entry.model_dump(
        mode="json",
        include={
            *("title", "summary", "description", "artifact_type", "modality", "themes", "tier", "licence"),
            *("permitted_stages", "residency", "personal_data"),
        },
    )
    rights = ("commercial_use", "model_training", "redistribution", "attribution")
    return same | {
        "languages": [Path(name).stem for name in entry.files],
        "represents": f"{entry.community}; {entry.jurisdiction}",
        "rights": {name: getattr(entry, name) for name in rights},
        "consent": entry.consent_basis,
        "origin": f"{entry.origin} {entry.collection_method}",
        "contact": {"name": contact.name, "email": contact.email},
        "affirmed": True,
    }


@transaction.atomic
def _found(consortium: Consortium) -> None:
    """Enter members and people, and end the founding: from then on its members vote on others (INV-7)."""
    if is_founded():
        return
    _make_members(consortium)
    _make_people(consortium)
    end_founding(actor=COORDINATOR)


def _make_members(consortium: Consortium) -> None:
    known = set(Member.objects.values_list("slug", flat=True))
    for member in (each for each in consortium.members if each.slug not in known):
        about = {
            tag: f"{text} {member.note.get(tag, '')}".strip() for tag, text in member.description.items()
        }
        admit_member(
            actor=COORDINATOR,
            slug=member.slug,
            name=member.name["en"],
            country=member.country,
            region=member.region,
            about=about,
        )


def _make_people(consortium: Consortium) -> None:
    password = demonstration_password(settings.VAR)
    members = {member.slug: member for member in Member.objects.all()}
    for entry in consortium.people:
        user = User.objects.filter(email=entry.email).first()
        if user is None:
            make = User.objects.create_superuser if entry.role == "operator" else User.objects.create_user
            user = make(entry.email, password, name=entry.name)
        if entry.member:
            # Who is to speak for a community belongs to the member first; the rest is voted for.
            role = Role.RESEARCHER if entry.role == "community" else Role(entry.role)
            grant_role(actor=COORDINATOR, user=user, member=members[entry.member], role=role)


def _enrol(consortium: Consortium, entry: NodeEntry) -> None:
    home = home_of(entry)
    config = home.config
    node = request_enrolment(
        did=home.key.did,
        slug=config.slug,
        name=config.name,
        member_slug=config.member,
        form=config.form,
        jurisdiction=config.jurisdiction,
        capabilities={},
    )
    for maintainer in maintainers(consortium, without=config.member):
        node = Node.objects.get(pk=node.pk)
        if node.state == NodeState.PENDING:
            approve_node(maintainer, node)


def _let_rest(consortium: Consortium) -> None:
    for slug in [node.slug for node in consortium.nodes if node.rests]:
        node = Node.objects.get(slug=slug)
        if node.state == NodeState.ACTIVE:
            suspend_node(maintainers(consortium, without="")[0], node, cause=RESTS)


def _drafted(consortium: Consortium, steward: Actor, entry: DatasetEntry) -> Proposal:
    proposal = Proposal.objects.filter(slug=entry.slug).first()
    if proposal is None:
        member = Member.objects.get(slug=entry.member)
        record = record_of(consortium, entry)
        proposal = proposals.start_proposal(actor=steward, member=member, slug=entry.slug, record=record)
    if RULES[entry.tier].coordinator_may_store_bytes:
        return _upload(steward, proposal, entry)
    if proposal.files:
        return proposal
    envelope = describe_on_node(consortium, entry)
    return attach_description(actor=steward, proposal=proposal, envelope=envelope)


def _upload(steward: Actor, proposal: Proposal, entry: DatasetEntry) -> Proposal:
    there = {file["path"] for file in proposal.files}
    for name in sorted(set(entry.files) - there):
        path = corpus_path(Path(name).stem)
        proposal = proposals.attach_upload(
            actor=steward, proposal=proposal, path=name, language=path.stem, chunks=[path.read_bytes()]
        )
    return proposal
