from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The catalog floor: members, datasets, tiers and policy, proposals, search, interchange."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
