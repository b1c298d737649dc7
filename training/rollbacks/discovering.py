"""Which descendants a reader may know of; nothing tells of the rest, counts included (INV-6)."""

from collections.abc import Iterable

from provenance.actors import CONSORTIUM, Actor
from provenance.lineage.models import Artifact
from training.derivatives.models import Derivative
from training.rollbacks.models import Descendant, DescendantKind

TRACED = (DescendantKind.BASE, DescendantKind.CONTRIBUTION)


def discoverable(actor: Actor, rows: Iterable[Descendant]) -> list[Descendant]:
    """Keep the rows about things that the actor may discover, in two queries.

    Rounds are public. Of its builds a member tells the consortium.
    """
    told = list(rows)
    keys = {row.pk: row.subject.partition(":")[2] for row in told}
    traced = [keys[row.pk] for row in told if row.kind in TRACED]
    named = [keys[row.pk] for row in told if row.kind == DescendantKind.DERIVATIVE]
    artifacts = Artifact.objects.visible_to(actor.audiences).filter(digest__in=traced)
    known = set(artifacts.values_list("digest", flat=True))
    models = Derivative.objects.visible_to(actor).filter(slug__in=named)
    known |= set(models.values_list("slug", flat=True)) if named else set()
    inside = CONSORTIUM in actor.audiences
    return [
        row
        for row in told
        if row.kind == DescendantKind.ROUND
        or (row.kind == DescendantKind.BUILD and inside)
        or keys[row.pk] in known
    ]
