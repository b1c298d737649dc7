"""What other rooms ask of this one."""

from catalog.datasets.models import DatasetVersion
from catalog.inspection.describing import attach_description, forget_descriptions, keep_attested
from catalog.inspection.requesting import request_inspections, request_version
from catalog.proposals.models import Proposal
from catalog.tiers import Tier
from provenance.actors import Actor

__all__ = ["attach_description", "forget_descriptions", "request_facts", "request_inspections"]


def request_facts(*, actor: Actor, version: DatasetVersion, proposal: Proposal) -> None:
    """See to the facts of a version that is being published: computed here, or attested by its node.

    Raises:
        RuntimeError: outside a transaction.
    """
    if version.tier == Tier.LOCAL_ONLY:
        keep_attested(actor=actor, version=version, proposal=proposal)
    else:
        request_version(version)
