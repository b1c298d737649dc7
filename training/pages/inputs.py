"""The dataset versions of a job or of a lineage, as far as the reader may discover them (INV-6)."""

from collections.abc import Collection

from catalog.datasets.models import DatasetVersion, DatasetVersionQuerySet
from provenance.actors import Actor
from training.jobs.models import Job


def visible_inputs(job: Job, actor: Actor) -> list[DatasetVersion]:
    """Return what the job's manifest names and ``actor`` may discover; nothing tells of the rest."""
    return list(_known(actor).filter(uses__job=job))


def visible_versions(digests: Collection[str], actor: Actor) -> list[DatasetVersion]:
    """Return the versions with these digests that ``actor`` may discover, with entry and member."""
    return list(_known(actor).filter(digest__in=digests))


def _known(actor: Actor) -> DatasetVersionQuerySet:
    versions = DatasetVersion.objects.visible_to(actor).select_related("dataset__member")
    return versions.order_by("dataset__slug", "-number")
