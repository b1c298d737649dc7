"""Django forms in the catalog's own look."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import django.forms
from django.conf import settings
from django.forms.renderers import BaseRenderer
from django.template.backends.base import BaseEngine  # noqa: TC002 - Django's stubs want the real class
from django.template.backends.django import DjangoTemplates
from django.utils.functional import cached_property

WIDGETS = Path(django.forms.__file__).parent / "templates"


class CatalogRenderer(BaseRenderer):
    """Renders forms and fields with the site's templates, and widgets with Django's.

    Chosen by `FORM_RENDERER` in the settings; no further app is needed.
    """

    form_template_name = "components/form/form.html"
    field_template_name = "components/form/field.html"

    @cached_property
    def engine(self) -> BaseEngine:
        """The site's templates first, then the widgets that come with Django."""
        ours = cast("list[Path]", settings.TEMPLATES[0]["DIRS"])
        folders = [*ours, WIDGETS]
        return DjangoTemplates({"APP_DIRS": False, "DIRS": folders, "NAME": "forms", "OPTIONS": {}})

    def get_template(self, template_name: str) -> object:
        """Return a compiled template; the engine keeps it for the next form."""
        return self.engine.get_template(template_name)
