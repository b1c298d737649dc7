"""What helps to judge a proposal: how it differs from the last version, and for what the data are ready."""

from catalog.cards.completeness import completeness_of
from catalog.datasets.files import read_files
from catalog.interchange.disclosure import readable_record
from catalog.lifecycle.files import compare_files
from catalog.pages.datasets.difference import Difference, changed_answers
from catalog.pages.datasets.ready import ReadyFor, ready_for
from catalog.proposals.models import Proposal
from catalog.proposals.states import ProposalState
from catalog.tiers import Tier
from provenance.actors import Actor


def difference_from_last(proposal: Proposal, actor: Actor) -> Difference | None:
    """Return how a next version differs from the newest one, in two queries; None where there is none yet.

    Private data have nothing here that could be compared.
    """
    if proposal.dataset is None or proposal.state == ProposalState.ACCEPTED:
        return None
    newest = proposal.dataset.versions.select_related("dataset__member").latest("number")
    if Tier.PRIVATE in (newest.tier, proposal.record.get("tier")):
        return None
    return Difference(
        changes=tuple(changed_answers(readable_record(actor, newest), proposal.record)),
        numbers=(),
        files=compare_files(newest.files.all(), read_files(proposal.files)),
        withheld=False,
    )


def readiness_of(proposal: Proposal) -> ReadyFor | None:
    """Return for which stages the data would be ready as they are described now; facts come later."""
    if proposal.record.get("tier") == Tier.PRIVATE:
        return None
    return ready_for(completeness_of(proposal.record, has_files=bool(proposal.files), has_facts=False))
