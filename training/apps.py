from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The training floor: nodes, rounds, jobs, contributions, checkpoints."""

    name = "training"
    default_auto_field = "django.db.models.BigAutoField"
