"""The version that a card or a citation is of."""

from django.http import Http404

from catalog.datasets.models import DatasetVersion
from provenance.actors import Actor


def version_asked_for(actor: Actor, slug: str, asked: str | None) -> DatasetVersion:
    """Return the newest version, or number ``asked``, with entry and member; Http404 where there is none."""
    found = (
        DatasetVersion.objects.visible_to(actor).filter(dataset__slug=slug).select_related("dataset__member")
    )
    if asked:
        numbered = asked.isascii() and asked.isdigit() and len(asked) <= len("999999999")
        found = found.filter(number=int(asked)) if numbered else found.none()
    version = found.order_by("-number").first()
    if version is None:
        raise Http404
    return version
