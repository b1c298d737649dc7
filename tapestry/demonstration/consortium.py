"""The shape of `consortium.json`: pydantic models whose cross-references are checked when they load."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from catalog.tiers import Stage, Tier

if TYPE_CHECKING:
    from collections.abc import Iterable

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# One value for each BCP 47 tag.
Localised = Annotated[dict[str, Text], Field(min_length=1)]
CorpusFile = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*\.txt$")]


class Record(BaseModel):
    """A part of the file: immutable, and no field that the models do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(Record):
    """A demonstration institution; `note` says on every page that it is invented."""

    slug: Slug
    name: Localised
    country: Country
    region: Text
    description: Localised
    note: Localised


class Person(Record):
    """An account: one role at one member, or the operator, who has neither a member nor a vote (INV-7)."""

    name: Text
    email: Annotated[str, StringConstraints(pattern=r"^[a-z]+@[a-z]+\.example$")]
    member: Slug | None
    role: Literal["steward", "maintainer", "researcher", "community", "operator"]

    @model_validator(mode="after")
    def _operator_stands_outside(self) -> Person:
        if (self.role == "operator") != (self.member is None):
            raise ValueError(f"{self.email}: an operator, and nobody else, belongs to no member")
        return self


class Node(Record):
    """Compute of a member. `local_files` are the corpora that lie on this node alone.

    A node that `rests` has sealed its data and is switched off: it joins no round.
    """

    slug: Slug
    member: Slug
    name: Localised
    mode: Literal["attached", "sovereign"]
    country: Country
    local_files: tuple[CorpusFile, ...]
    rests: bool = False


class Residency(Record):
    """Where the data live and what may leave that boundary. Places are ISO 3166-1 alpha-2 codes."""

    boundary: Text
    storage: tuple[Country, ...]
    processing: tuple[Country, ...]
    raw_may_leave: bool
    derived_may_leave: bool
    updates_may_leave: bool


class DatasetEntry(Record):
    """What a steward fills in for one dataset (FIELD.md §4). Sizes and shares come from the files."""

    slug: Slug
    member: Slug
    contact: str
    tier: Tier
    node: Slug | None = None
    title: Localised
    summary: Localised
    description: Localised
    artifact_type: Literal["raw", "pre-training", "eval"]
    modality: Literal["text"]
    themes: tuple[Literal["EDUC", "JUST", "SOCI", "GOVE"], ...]
    jurisdiction: Text
    community: Text
    licence: Text
    commercial_use: bool
    model_training: bool
    redistribution: bool
    attribution: bool
    permitted_stages: tuple[Stage, ...]
    residency: Residency | None = None
    personal_data: Literal["none"]
    consent_basis: Text
    origin: Text
    collection_method: Text
    files: Annotated[tuple[CorpusFile, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _tier_is_consistent(self) -> DatasetEntry:
        if (self.residency is None) != (self.tier == Tier.OPEN):
            raise ValueError(f"{self.slug}: every tier but open, and only those, states its residency")
        if (self.node is None) == (self.tier in {Tier.LOCAL_ONLY, Tier.PRIVATE}):
            raise ValueError(f"{self.slug}: local-only and private datasets, and no other, name their node")
        return self


class Question(Record):
    """What a reviewer asks at one field of a record, and what the steward answers."""

    field: Text
    question: Text
    answer: Text


class WaitingProposal(Record):
    """A proposal that stands in review: what it says, and `before` what it first said otherwise."""

    slug: Slug
    member: Slug
    record: dict[str, Any]
    before: dict[str, Any]
    request: Text
    questions: tuple[Question, ...]
    answer: Text
    approval: Text


class Consortium(Record):
    """The whole demonstration. `live_proposal` is what `make demo` proposes while people watch."""

    members: tuple[Member, ...]
    people: tuple[Person, ...]
    nodes: tuple[Node, ...]
    datasets: tuple[DatasetEntry, ...]
    live_proposal: DatasetEntry
    waiting_proposal: WaitingProposal

    @property
    def entries(self) -> tuple[DatasetEntry, ...]:
        """Every dataset, the one still to be proposed included."""
        return (*self.datasets, self.live_proposal)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Consortium:
        _refuse_repeats("member", (member.slug for member in self.members))
        _refuse_repeats("person", (person.email for person in self.people))
        _refuse_repeats("node", (node.slug for node in self.nodes))
        _refuse_repeats("dataset", (entry.slug for entry in self.entries))
        # A text in two datasets could be open in one and closed in the other.
        _refuse_repeats("file", (name for entry in self.entries for name in entry.files))
        return self

    @model_validator(mode="after")
    def _references_resolve(self) -> Consortium:
        members = {member.slug for member in self.members}
        named = [(node.slug, node.member) for node in self.nodes]
        named += [(entry.slug, entry.member) for entry in self.entries]
        named += [(person.email, person.member) for person in self.people if person.member is not None]
        for name, member in named:
            if member not in members:
                raise ValueError(f"{name}: no member {member}")
        stewards = {(person.email, person.member) for person in self.people if person.role == "steward"}
        for entry in self.entries:
            if (entry.contact, entry.member) not in stewards:
                raise ValueError(f"{entry.slug}: {entry.contact} is no steward of {entry.member}")
        return self

    @model_validator(mode="after")
    def _local_files_lie_on_the_owners_node(self) -> Consortium:
        nodes = {node.slug: node for node in self.nodes}
        for entry in self.entries:
            if entry.node is None:
                continue
            node = nodes.get(entry.node)
            if node is None or node.member != entry.member or not set(entry.files) <= set(node.local_files):
                raise ValueError(f"{entry.slug}: its files must lie on a node of {entry.member}")
        return self


def _refuse_repeats(kind: str, names: Iterable[str]) -> None:
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise ValueError(f"{kind} named twice: {', '.join(repeated)}")
