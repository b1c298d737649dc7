"""Which node works on which dataset versions in a round: the policy decides, the log keeps every answer."""

from collections.abc import Iterable
from typing import Literal

from django.db.models import Exists, OuterRef, Subquery

from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion
from catalog.policy import Operation, decide
from catalog.policy.services import record_decision
from catalog.tiers import Purpose
from catalog.vocabularies.reading import terms_of
from training.nodes.models import Node

Use = Literal["training", "evaluation"]


def used_for(artifact_type: str) -> str:
    """Return what data of this type are for, as their vocabulary has it; empty when it does not say."""
    term = terms_of("artifact-type", retired=True).get(artifact_type)
    return str(term.properties.get("use", "")) if term else ""


def newest_versions(use: Use) -> list[DatasetVersion]:
    """Return the newest version of every published text dataset for this use, with dataset and member.

    Entries that only point elsewhere have no file that a node could read, and stay out.
    """
    artifact_types = [code for code in terms_of("artifact-type", retired=True) if used_for(code) == use]
    newest = DatasetVersion.objects.filter(dataset=OuterRef("pk")).order_by("-number").values("pk")[:1]
    current = Dataset.objects.filter(
        state=Dataset.State.PUBLISHED, artifact_type__in=artifact_types, modality="text"
    ).values_list(Subquery(newest))
    return list(
        DatasetVersion.objects.filter(
            Exists(DatasetFile.objects.filter(version=OuterRef("pk"))), pk__in=current
        )
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
