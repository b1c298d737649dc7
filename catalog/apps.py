from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save


class CatalogConfig(AppConfig):
    """The catalog floor: members, datasets, tiers and policy, proposals, search, interchange."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the shipped vocabularies in after each migration; name things; tell people of new events."""
        from catalog.notifications.receiving import tell_people
        from catalog.pages.names import register
        from catalog.vocabularies.loading import load_shipped
        from provenance.events.models import Event

        post_migrate.connect(load_shipped, sender=self, dispatch_uid="vocabularies")
        post_save.connect(tell_people, sender=Event, dispatch_uid="notifications")
        register()
