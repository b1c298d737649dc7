"""Django forms in the catalog's own look."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class CatalogRenderer(TemplatesSetting):
    """Renders forms and fields with the site's templates.

    Set `FORM_RENDERER = "catalog.design.forms.CatalogRenderer"` and install `django.forms`, whose
    widget templates it uses.
    """

    form_template_name = "components/form/form.html"
    field_template_name = "components/form/field.html"
