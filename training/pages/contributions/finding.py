"""An update by the address of its page, with all that the page needs of it in one query."""

from django.shortcuts import get_object_or_404

from training.contributions.models import Contribution


def contribution_of(digest: str) -> Contribution:
    """Return it with its round, base, candidate and result, its job, node and member.

    Raises:
        Http404: there is none.
    """
    rows = Contribution.objects.select_related(
        "statement",
        "job__node__member",
        "job__round__family",
        "job__round__base",
        "round__family",
        "round__base",
        "round__candidate",
        "round__result__family",
    )
    return get_object_or_404(rows, digest=digest)
