"""The newest base of a family: where its next round starts."""

from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily


def head_of(family: ModelFamily) -> Checkpoint:
    """Return the base that the next round starts from, as the database has it now.

    Raises:
        LookupError: the family is still being founded.
    """
    head = Checkpoint.objects.filter(pk__in=ModelFamily.objects.filter(pk=family.pk).values("head")).first()
    if head is None:
        raise LookupError(f"{family.slug} has no base yet")
    return head


def move_head(family: ModelFamily, base: Checkpoint) -> None:
    """Make ``base`` the one that the next round starts from. The caller has its transaction and its event."""
    ModelFamily.objects.filter(pk=family.pk).update(head=base)
    family.head = base


def next_number(family: ModelFamily) -> int:
    """Return the number of the base that is promoted next; a rollback uses up a number like a round."""
    newest = Checkpoint.objects.filter(family=family).order_by("-number").values_list("number", flat=True)
    last = newest.first()
    return 0 if last is None else last + 1
