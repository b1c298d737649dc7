"""The rules themselves: for each operation, a generator of every reason that speaks against it.

They reveal nothing by their order: whoever may not discover a version gets that one reason and no other.
"""

from collections.abc import Callable, Iterator
from typing import Final

from catalog.policy.operations import Operation, Reason
from catalog.policy.questions import Question
from catalog.proposals.states import AcceptedFor
from catalog.tiers import Download, Metadata, Purpose, SovereignUse, Stage, Tier, may_enter
from catalog.tiers import at_least_as_strict as restricts_enough
from provenance.actors import ActorKind

READING: Final = frozenset(
    {Operation.READ_DETAILS, Operation.READ_MANIFEST, Operation.READ_FACTS, Operation.PREVIEW}
)


def reasons_against(question: Question) -> Iterator[Reason]:
    """Yield every reason that speaks against what is asked, always in the same order; none means yes."""
    if question.is_sealed and not question.is_owner:
        yield Reason.NOT_DISCOVERABLE
        return
    yield from _against_withdrawn(question)
    yield from _AGAINST[question.operation](question)


def _against_withdrawn(question: Question) -> Iterator[Reason]:
    """Of a withdrawn entry a tombstone stays for all, and what was written for its owner's people (DM:17)."""
    if not question.facts.withdrawn or question.operation is Operation.DISCOVER:
        return
    if not (question.operation in READING and question.is_person_of_owner):
        yield Reason.VERSION_WITHDRAWN


def _against_discovery(_question: Question) -> Iterator[Reason]:
    yield from ()


def _against_details(question: Question) -> Iterator[Reason]:
    if question.rules.metadata is not Metadata.PUBLIC and not question.actor.members:
        yield Reason.DETAILS_FOR_CONSORTIUM


def _against_manifest(question: Question) -> Iterator[Reason]:
    """Manifest, quality and attestations are what local-only data show to all; a summary has none of them."""
    if question.rules.metadata is not Metadata.MANIFEST:
        yield from _against_details(question)


def _against_download(question: Question) -> Iterator[Reason]:
    if question.rules.download is not Download.EVERYONE:
        yield Reason.TIER_FORBIDS_DOWNLOAD
    if question.is_owner:
        return
    if question.is_embargoed:
        yield Reason.EMBARGOED
    yield from _against_acceptance(question, AcceptedFor.EVALUATION)


def _against_request(question: Question) -> Iterator[Reason]:
    """People of another member ask, where a grant would help; without ``party``, for all their members."""
    asking = question.actor.members if question.party is None else frozenset({question.party})
    if question.actor.kind is not ActorKind.PERSON or not asking or not asking <= question.actor.members:
        yield Reason.NOT_A_MEMBER
    if question.rules.sovereign_training is SovereignUse.OWNER:
        yield Reason.OWNER_ONLY
    elif question.facts.member in asking or not _grant_helps(question):
        yield Reason.NO_GRANT_NEEDED
    else:
        yield from _against_training(question)


def _grant_helps(question: Question) -> bool:
    """Shared work needs no grant of this kind: its round is approved by the consortium."""
    asked = question.purpose in {None, Purpose.SOVEREIGN_BUILD}
    return asked and question.rules.sovereign_training is SovereignUse.GRANT


def _against_serving(question: Question) -> Iterator[Reason]:
    if question.rules.download is Download.NOBODY:
        yield Reason.TIER_FORBIDS_DOWNLOAD
    yield from _against_dispatch(question)


def _against_dispatch(question: Question) -> Iterator[Reason]:
    if question.actor.kind is not ActorKind.NODE:
        yield Reason.NOT_A_NODE
    if question.rules.owner_nodes_only and not question.is_owner:
        yield Reason.NOT_OWNER_NODE
    if question.purpose is None:
        yield Reason.PURPOSE_NOT_PERMITTED
    elif question.purpose is Purpose.SOVEREIGN_BUILD:
        yield from _against_sovereign_use(question)
    else:
        yield from _against_shared_use(question, question.purpose)
    if question.is_embargoed and not question.is_owners_business:
        yield Reason.EMBARGOED
    yield from _against_place(question)


def _against_sovereign_use(question: Question) -> Iterator[Reason]:
    if question.is_owners_business:
        return
    yield from _against_training(question)
    if question.rules.sovereign_training is SovereignUse.OWNER:
        yield Reason.OWNER_ONLY
    elif question.rules.sovereign_training is SovereignUse.GRANT:
        yield from _against_missing_grant(question)


def _against_missing_grant(question: Question) -> Iterator[Reason]:
    """Every member that takes part needs a grant of its own; ``at`` decides whether it still runs."""
    given = [question.grants_of(member) for member in sorted(question.outsiders)]
    running = [any(question.at < grant.expires_at for grant in grants) for grants in given]
    if running and all(running):
        return
    yield Reason.GRANT_EXPIRED if given and all(given) else Reason.GRANT_REQUIRED


def _against_training(question: Question) -> Iterator[Reason]:
    """What the owner did not answer is not permitted, and is told apart from what it refused (DG:3)."""
    if not question.facts.model_training:
        yield Reason.TERMS_UNKNOWN if question.facts.terms_unknown else Reason.PURPOSE_NOT_PERMITTED
    yield from _against_acceptance(question, AcceptedFor.TRAINING)


def _against_acceptance(question: Question, purpose: AcceptedFor) -> Iterator[Reason]:
    """Members accept an entry for metadata, evaluation or training, and others may go no further (DG:8)."""
    if not question.facts.is_accepted_for(purpose):
        yield Reason.NOT_ACCEPTED_FOR_PURPOSE


def _against_shared_use(question: Question, purpose: Purpose) -> Iterator[Reason]:
    facts = question.facts
    if not may_enter(question.tier, purpose):
        yield Reason.PRIVATE_IN_SHARED_WORK
        return
    trains = purpose is Purpose.CONTRIBUTED_CPT
    if trains:
        yield from _against_training(question)
    else:
        yield from _against_acceptance(question, AcceptedFor.EVALUATION)
    if (Stage.CPT if trains else Stage.EVALUATION) not in facts.stages:
        yield Reason.STAGE_NOT_PERMITTED
    if trains and not facts.updates_may_leave:
        yield Reason.UPDATES_MAY_NOT_LEAVE


def _against_place(question: Question) -> Iterator[Reason]:
    """Tiers between name the places of processing; an unknown place is none of them.

    Open data may be anywhere. Where sealed data may be is written on their node alone, which minds it.
    """
    free = question.tier is Tier.OPEN or question.is_sealed
    if not free and question.place not in question.facts.processing:
        yield Reason.OUTSIDE_RESIDENCY


def _against_derivation(question: Question) -> Iterator[Reason]:
    if question.output is None or not restricts_enough(question.output, [question.tier]):
        yield Reason.WEAKER_OUTPUT


_AGAINST: Final[dict[Operation, Callable[[Question], Iterator[Reason]]]] = {
    Operation.DISCOVER: _against_discovery,
    Operation.READ_DETAILS: _against_details,
    Operation.READ_MANIFEST: _against_manifest,
    Operation.READ_FACTS: _against_manifest,
    Operation.PREVIEW: _against_download,
    Operation.DOWNLOAD: _against_download,
    Operation.REQUEST_ACCESS: _against_request,
    Operation.SERVE_TO_NODE: _against_serving,
    Operation.DISPATCH: _against_dispatch,
    Operation.DERIVE: _against_derivation,
}
