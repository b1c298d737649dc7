from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The training floor: nodes, rounds, jobs, contributions, checkpoints."""

    name = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the catalog whose keys are nodes'."""
        from catalog.members.keys import register_key_finder
        from training.nodes.keys import is_key_of_active_node

        register_key_finder(is_key_of_active_node)
