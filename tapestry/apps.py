"""The roof as a Django app: it brings the Celery application and the management commands."""

from django.apps import AppConfig


class TapestryConfig(AppConfig):
    """Wires, decides nothing."""

    name = "tapestry"

    def ready(self) -> None:
        """Make our Celery application the current one before anyone calls `.delay()`."""
        from tapestry import celery  # noqa: F401 - importing them is the wiring
        from tapestry.health import heartbeats  # noqa: F401
