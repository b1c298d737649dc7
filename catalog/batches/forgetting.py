"""What a batch forgets when a draft of it becomes private (INV-1)."""

from catalog.batches.models import Row
from catalog.proposals.models import Proposal


def forget_row(draft: Proposal) -> None:
    """Forget what the row said that a draft came from; call it in the transaction that empties the draft."""
    Row.objects.filter(proposal=draft).update(values={}, faults=[])
