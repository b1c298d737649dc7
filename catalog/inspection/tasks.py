"""Tasks of the queue ``inspection`` (``CELERY_TASK_ROUTES``). Each may come twice (INV-8)."""

from celery import shared_task

from catalog.inspection.concluding import conclude
from catalog.inspection.previewing import keep_previews
from catalog.inspection.reaping import reap, sweep
from catalog.inspection.running import run_inspection


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def inspect_file(inspection_id: int) -> None:
    """Look into one file; ends by itself when somebody else is at it or was."""
    run_inspection(inspection_id)


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def conclude_version(version_id: int) -> None:
    """Compute a version's facts once its last file was looked at, then keep some rows where allowed."""
    if conclude(version_id) is not None:
        preview_version.delay(version_id)


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def preview_version(version_id: int) -> None:
    """Keep the first rows of a few files of an open version."""
    keep_previews(version_id)


@shared_task(name="catalog.inspection.tasks.reap_inspections")  # type: ignore[untyped-decorator]
def reap_inspections() -> None:
    """Bring back inspections whose worker died and messages that were lost."""
    reap()
    sweep()
