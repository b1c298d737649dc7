"""May this actor do this with that version? A pure function of its arguments (DM:11, DM:14, DM:15, DM:16).

It reveals nothing by its order: whoever may not discover a version gets that one reason and no other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from catalog.policy.facts import Facts
from catalog.tiers import RULES, Download, Metadata, Purpose, SovereignUse, Stage, Tier, may_enter
from catalog.tiers import at_least_as_strict as restricts_enough
from provenance.actors import Actor, ActorKind

if TYPE_CHECKING:
    from catalog.datasets.models import DatasetVersion

POLICY_VERSION: Final = "2026-11-1"


class Operation(StrEnum):
    """What somebody wants to do with a dataset version.

    discover: know that it exists. read-details: read what stands beyond the summary (contact, consent,
    origin, residency). download: receive raw bytes as a person. serve-to-node: hand raw bytes to a node for
    a job. dispatch: let a node work on it. derive: make something from it, of tier ``output``.
    """

    DISCOVER = "discover"
    READ_DETAILS = "read-details"
    DOWNLOAD = "download"
    SERVE_TO_NODE = "serve-to-node"
    DISPATCH = "dispatch"
    DERIVE = "derive"


class Reason(StrEnum):
    """Why not. Stable codes; words for them are the pages' business."""

    NOT_DISCOVERABLE = "not-discoverable"
    VERSION_WITHDRAWN = "version-withdrawn"
    DETAILS_FOR_CONSORTIUM = "details-for-consortium"
    TIER_FORBIDS_DOWNLOAD = "tier-forbids-download"
    NOT_A_NODE = "not-a-node"
    NOT_OWNER_NODE = "not-owner-node"
    GRANT_REQUIRED = "grant-required"
    PRIVATE_IN_SHARED_WORK = "private-in-shared-work"
    PURPOSE_NOT_PERMITTED = "purpose-not-permitted"
    STAGE_NOT_PERMITTED = "stage-not-permitted"
    OUTSIDE_RESIDENCY = "outside-residency"
    UPDATES_MAY_NOT_LEAVE = "updates-may-not-leave"
    WEAKER_OUTPUT = "weaker-output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer with everything it was made from; ``decide`` gives the same one again at any time."""

    allowed: bool
    reason_codes: tuple[str, ...]
    policy_version: str
    operation: Operation
    facts: Facts
    purpose: Purpose | None = None
    place: str | None = None
    output: Tier | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    actor: Actor
    facts: Facts
    purpose: Purpose | None
    place: str | None
    output: Tier | None

    @property
    def is_owner(self) -> bool:
        return self.facts.member in self.actor.members


def decide(
    *,
    actor: Actor,
    operation: Operation,
    version_or_facts: "DatasetVersion | Facts",
    purpose: Purpose | None = None,
    place: str | None = None,
    output: Tier | None = None,
) -> Decision:
    """Decide, with every reason that speaks against it.

    Args:
        actor: who asks; for serve-to-node and dispatch the node itself.
        operation: what for.
        version_or_facts: a version (dataset and member selected with it) or its facts.
        purpose: what the bytes or the work are for; serve-to-node and dispatch need one.
        place: where the node stands, ISO 3166-1 alpha-2.
        output: tier of what a derivation makes; derive needs one.
    """
    facts = version_or_facts if isinstance(version_or_facts, Facts) else Facts.of(version_or_facts)
    question = _Question(actor, facts, purpose, place, output)
    reasons = tuple(str(reason) for reason in _reasons(operation, question))
    return Decision(
        allowed=not reasons,
        reason_codes=reasons,
        policy_version=POLICY_VERSION,
        operation=operation,
        facts=facts,
        purpose=purpose,
        place=place,
        output=output,
    )


def _reasons(operation: Operation, question: _Question) -> Iterator[Reason]:
    if RULES[question.facts.tier].metadata is Metadata.SEALED and not question.is_owner:
        yield Reason.NOT_DISCOVERABLE
        return
    if question.facts.withdrawn and operation not in {Operation.DISCOVER, Operation.READ_DETAILS}:
        yield Reason.VERSION_WITHDRAWN
    yield from _AGAINST[operation](question)


def _against_discovery(_question: _Question) -> Iterator[Reason]:
    yield from ()


def _against_details(question: _Question) -> Iterator[Reason]:
    if RULES[question.facts.tier].metadata is not Metadata.PUBLIC and not question.actor.members:
        yield Reason.DETAILS_FOR_CONSORTIUM


def _against_download(question: _Question) -> Iterator[Reason]:
    if RULES[question.facts.tier].download is not Download.EVERYONE:
        yield Reason.TIER_FORBIDS_DOWNLOAD


def _against_serving(question: _Question) -> Iterator[Reason]:
    if RULES[question.facts.tier].download is Download.NOBODY:
        yield Reason.TIER_FORBIDS_DOWNLOAD
    yield from _against_dispatch(question)


def _against_dispatch(question: _Question) -> Iterator[Reason]:
    rules = RULES[question.facts.tier]
    if question.actor.kind is not ActorKind.NODE:
        yield Reason.NOT_A_NODE
    if rules.owner_nodes_only and not question.is_owner:
        yield Reason.NOT_OWNER_NODE
    if question.purpose is None:
        yield Reason.PURPOSE_NOT_PERMITTED
    elif question.purpose is Purpose.SOVEREIGN_BUILD:
        yield from _against_sovereign_use(question)
    else:
        yield from _against_shared_use(question, question.purpose)
    yield from _against_place(question)


def _against_sovereign_use(question: _Question) -> Iterator[Reason]:
    if question.is_owner:
        return
    if not question.facts.model_training:
        yield Reason.PURPOSE_NOT_PERMITTED
    if RULES[question.facts.tier].sovereign_training is SovereignUse.GRANT:
        yield Reason.GRANT_REQUIRED


def _against_shared_use(question: _Question, purpose: Purpose) -> Iterator[Reason]:
    facts = question.facts
    if not may_enter(facts.tier, purpose):
        yield Reason.PRIVATE_IN_SHARED_WORK
    trains = purpose is Purpose.CONTRIBUTED_CPT
    if trains and not facts.model_training:
        yield Reason.PURPOSE_NOT_PERMITTED
    if (Stage.CPT if trains else Stage.EVALUATION) not in facts.stages:
        yield Reason.STAGE_NOT_PERMITTED
    if trains and not facts.updates_may_leave:
        yield Reason.UPDATES_MAY_NOT_LEAVE


def _against_place(question: _Question) -> Iterator[Reason]:
    """Tiers other than open name the places of processing; an unknown place is none of them."""
    if question.facts.tier is not Tier.OPEN and question.place not in question.facts.processing:
        yield Reason.OUTSIDE_RESIDENCY


def _against_derivation(question: _Question) -> Iterator[Reason]:
    if question.output is None or not restricts_enough(question.output, [question.facts.tier]):
        yield Reason.WEAKER_OUTPUT


_AGAINST: Final[dict[Operation, Callable[[_Question], Iterator[Reason]]]] = {
    Operation.DISCOVER: _against_discovery,
    Operation.READ_DETAILS: _against_details,
    Operation.DOWNLOAD: _against_download,
    Operation.SERVE_TO_NODE: _against_serving,
    Operation.DISPATCH: _against_dispatch,
    Operation.DERIVE: _against_derivation,
}
