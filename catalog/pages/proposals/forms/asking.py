"""How a step puts its questions: each field with its explanation beside it, where it has one."""

from django import forms

from catalog.design.forms import CatalogRenderer
from catalog.pages.proposals.forms.explaining import EXPLANATIONS, Explanation


class StepRenderer(CatalogRenderer):
    """As all forms, and a field may be followed by an explanation."""

    field_template_name = "pages/proposals/field.html"


class AskedField(forms.BoundField):
    """A question of a step."""

    @property
    def explanation(self) -> Explanation | None:
        """What a person who hesitates here would ask, answered, with an example."""
        return EXPLANATIONS.get(self.name)
