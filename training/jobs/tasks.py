from celery import shared_task

from training.jobs.reaping import reap


@shared_task(name="training.jobs.tasks.reap_jobs")  # type: ignore[untyped-decorator]
def reap_jobs() -> None:
    """Bring back jobs whose lease ran out and messages that were lost; every five seconds."""
    reap()
