from django.apps import AppConfig


class ProvenanceConfig(AppConfig):
    """The ground floor: artifacts and lineage, event log, identity and signatures."""

    name = "provenance"
    default_auto_field = "django.db.models.BigAutoField"
