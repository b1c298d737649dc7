from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CatalogConfig(AppConfig):
    """The catalog floor: members, datasets, tiers and policy, proposals, search, interchange."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the shipped vocabularies in after each migration; name things of this floor on pages."""
        from catalog.pages.names import register
        from catalog.vocabularies.loading import load_shipped

        post_migrate.connect(load_shipped, sender=self, dispatch_uid="vocabularies")
        register()
