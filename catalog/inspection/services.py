"""What publishing asks of this room."""

from catalog.datasets.models import DatasetVersion
from catalog.inspection.requesting import request_version
from catalog.inspection.waiting import keep_attested
from catalog.proposals.models import Proposal
from catalog.tiers import Tier
from provenance.actors import Actor


def request_facts(*, actor: Actor, version: DatasetVersion, proposal: Proposal) -> None:
    """See to the facts of a version that is being published: computed here, or attested by its node.

    Raises:
        RuntimeError: outside a transaction.
    """
    if version.tier == Tier.LOCAL_ONLY:
        keep_attested(actor=actor, version=version, proposal=proposal)
    else:
        request_version(version)
