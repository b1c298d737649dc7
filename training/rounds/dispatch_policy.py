"""Which node works on which dataset versions in a round: the policy decides, the log keeps every answer."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import OuterRef, Subquery

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.policy import Operation, decide
from catalog.policy.services import record_decision
from catalog.tiers import Purpose
from training.nodes.models import Node

TRAINABLE: Final = ("raw", "prepared", "pre-training")
EVALUATION_ONLY: Final = ("validation", "eval")


def newest_versions(artifact_types: Sequence[str]) -> list[DatasetVersion]:
    """Return the newest version of every published text dataset of these kinds, with dataset and member."""
    newest = DatasetVersion.objects.filter(dataset=OuterRef("pk")).order_by("-number").values("pk")[:1]
    current = Dataset.objects.filter(
        state=Dataset.State.PUBLISHED, artifact_type__in=artifact_types, modality="text"
    ).values_list(Subquery(newest))
    return list(
        DatasetVersion.objects.filter(pk__in=current)
        .select_related("dataset__member")
        .prefetch_related("files")
        .order_by("digest")
    )


def allowed_versions(
    node: Node, versions: Iterable[DatasetVersion], *, purpose: Purpose, approval: str
) -> list[DatasetVersion]:
    """Return the versions that policy lets ``node`` work on, with every yes and no recorded (DM:14).

    Must run inside a transaction. ``approval`` is the address of what asked, such as ``round:7``.
    """
    allowed = []
    for version in versions:
        decision = decide(
            actor=node.actor,
            operation=Operation.DISPATCH,
            version_or_facts=version,
            purpose=purpose,
            place=node.jurisdiction,
        )
        record_decision(actor=node.actor, decision=decision, approval=approval)
        if decision.allowed:
            allowed.append(version)
    return allowed
