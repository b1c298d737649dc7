from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The training floor: nodes, rounds, jobs, contributions, checkpoints."""

    name = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the floor below: whose key signed a seal; a withdrawal's reach; names of things."""
        from catalog.access.signals import access_moved
        from catalog.datasets.signals import dataset_withdrawn
        from catalog.members.keys import register_key_finder
        from catalog.pages.reasons import describe_reasons
        from catalog.pages.stories import describe_actions
        from training import waiting
        from training.contributions import circles
        from training.contributions.reason_codes import WORDS_OF_REASON
        from training.grants.revoking import end_with_access
        from training.nodes.keys import is_key_of_active_node
        from training.pages import names
        from training.pages.stories import SENTENCES
        from training.rollbacks import telling
        from training.withdrawals.services import reach_out

        register_key_finder(is_key_of_active_node)
        describe_actions(SENTENCES)
        describe_reasons(WORDS_OF_REASON)
        names.register()
        circles.register()
        telling.register()
        waiting.register()
        dataset_withdrawn.connect(reach_out, dispatch_uid="withdrawals")
        access_moved.connect(end_with_access, dispatch_uid="grants")
