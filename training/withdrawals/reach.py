"""What a withdrawal reaches, each thing with the member responsible for it (DM:17).

Computed the same way before, as a preview, and at the moment of the withdrawal, when it is kept.
"""

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from catalog.datasets.models import SEALED, STORABLE, Dataset, DatasetVersion
from provenance.events.models import Event, Outcome
from provenance.lineage.models import ArtifactKind
from provenance.lineage.reading import made_from
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.derivatives.models import Derivative, DerivativeState
from training.jobs.models import Job
from training.jobs.states import ENDED
from training.nodes.models import Node
from training.withdrawals.models import TaskAction, TaskKind, WithdrawalTask

DECIDED: Final = (
    ContributionState.MERGED,
    ContributionState.REJECTED,
    ContributionState.INADMISSIBLE,
    ContributionState.WITHDRAWN,
)
DERIVED = """
WITH RECURSIVE reached(slug) AS (
    SELECT %s::text
    UNION
    SELECT entry.slug FROM reached
    JOIN catalog_datasetversion version ON version.record->'sources'
        @> jsonb_build_array(jsonb_build_object('dataset', reached.slug))
    JOIN catalog_dataset entry ON entry.id = version.dataset_id
)
SELECT entry.* FROM catalog_dataset entry JOIN reached USING (slug) WHERE entry.slug <> %s ORDER BY entry.slug
"""


def tasks_for(dataset: Dataset) -> list[WithdrawalTask]:
    """Return a task for each thing that a withdrawal of the entry reaches, not saved; in a few queries."""
    digests = list(dataset.versions.values_list("digest", flat=True))
    return [
        *_active_jobs(dataset),
        *_replicas(dataset, digests),
        *_descendants(dataset, digests),
        *_registered_models(dataset, digests),
        *_derived_entries(dataset),
    ]


def active_jobs(dataset: Dataset) -> list[Job]:
    """Return the jobs that work on any version and have not ended."""
    using = Job.objects.filter(inputs__version__dataset=dataset).exclude(state__in=ENDED).distinct()
    return list(using.select_related("node__member", "round__family").order_by("created_at", "pk"))


def _active_jobs(dataset: Dataset) -> Iterator[WithdrawalTask]:
    for job in active_jobs(dataset):
        yield WithdrawalTask(
            dataset=dataset,
            kind=TaskKind.JOB,
            subject=f"job:{job.pk}",
            name=f"{job.get_kind_display().capitalize()} on {job.node.name}, {job.round.label}",
            member=job.node.member,
            action=TaskAction.STOP,
        )


def _replicas(dataset: Dataset, digests: list[str]) -> Iterator[WithdrawalTask]:
    """Each node that was sent bytes, by the log of reads: for its jobs, or under a grant."""
    if dataset.tier not in STORABLE and not dataset.versions.filter(tier__in=STORABLE).exists():
        return
    pulled = Q(action="data.read") | Q(action="access.serve-to-node", approval__startswith="manifest:")
    readers = Event.objects.filter(pulled, artifact__in=digests, outcome=Outcome.ALLOWED)
    nodes = Node.objects.filter(did__in=readers.values("actor")).select_related("member")
    for node in nodes.order_by("slug"):
        yield WithdrawalTask(
            dataset=dataset,
            kind=TaskKind.REPLICA,
            subject=f"node:{node.slug}",
            name=node.name,
            member=node.member,
            action=TaskAction.DELETE,
        )


def _descendants(dataset: Dataset, digests: list[str]) -> Iterator[WithdrawalTask]:
    """Contributions that are not merged yet, and bases. A candidate that was not promoted is nobody's to use.

    A contribution is its node's member's to look at. A base is everybody's, so the owner of the data asks for
    its review: whether to replay without them is decided by the consortium.
    """
    made = made_from(digests)
    given = [artifact.digest for artifact in made if artifact.kind == ArtifactKind.CONTRIBUTION]
    waiting = Contribution.objects.filter(digest__in=given).exclude(state__in=DECIDED)
    for contribution in waiting.select_related("job__node__member", "round__family"):
        yield WithdrawalTask(
            dataset=dataset,
            kind=TaskKind.DESCENDANT,
            subject=f"contribution:{contribution.digest}",
            name=f"Contribution of {contribution.job.node.name}, {contribution.round.label}",
            member=contribution.job.node.member,
            action=TaskAction.REVIEW,
        )
    bases = Checkpoint.objects.filter(digest__in=[artifact.digest for artifact in made])
    for base in bases.select_related("family").order_by("family", "number"):
        yield WithdrawalTask(
            dataset=dataset,
            kind=TaskKind.DESCENDANT,
            subject=f"checkpoint:{base.digest}",
            name=str(base),
            member=dataset.member,
            action=TaskAction.REVIEW,
        )


def _registered_models(dataset: Dataset, digests: list[str]) -> Iterator[WithdrawalTask]:
    """Models that name a version and are in use, each its member's to look at.

    A private one is left out: its existence is its member's alone (INV-6), which reads of it in the log.
    """
    named = Derivative.objects.filter(versions__digest__in=digests, state=DerivativeState.REGISTERED)
    for model in named.exclude(tier__in=SEALED).select_related("member").distinct().order_by("slug"):
        yield WithdrawalTask(
            dataset=dataset,
            kind=TaskKind.DESCENDANT,
            subject=f"derivative:{model.slug}",
            name=model.name,
            member=model.member,
            action=TaskAction.REVIEW,
        )


def _derived_entries(dataset: Dataset) -> Iterator[WithdrawalTask]:
    """Entries that pin a version of this one as a source, and what pins those in turn."""
    derived = [entry.pk for entry in Dataset.objects.raw(DERIVED, [dataset.slug, dataset.slug])]
    for entry in Dataset.objects.filter(pk__in=derived).select_related("member").order_by("slug"):
        yield WithdrawalTask(
            dataset=dataset,
            kind=TaskKind.DESCENDANT,
            subject=f"dataset:{entry.slug}",
            name=entry.slug,
            member=entry.member,
            action=TaskAction.REVIEW,
        )


def stored_here(dataset: Dataset) -> tuple[int, int]:
    """Return how many files of the entry lie in the coordinator's store, and their bytes."""
    versions = DatasetVersion.objects.filter(dataset=dataset)
    sizes = list(
        versions.filter(files__storage="blob").values_list("files__sha256", "files__bytes").distinct()
    )
    return len(sizes), sum(size for _sha256, size in sizes)
