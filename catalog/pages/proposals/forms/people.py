"""Step "people": who answers for the data, and who made them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import Fold, StepForm
from catalog.pages.proposals.forms.fields import AddressField
from catalog.pages.proposals.forms.lists import LinesField


class PeopleForm(StepForm):
    """The contact and the creators."""

    parts = ("contact",)
    folds = (Fold(_("Who made the data"), ("creators",)),)

    contact_name = forms.CharField(
        label=_("Who answers questions?"),
        help_text=_("A person or a desk, such as “Reading room, National Archive”."),
        max_length=200,
    )
    contact_email = forms.EmailField(label=_("E-mail address for questions"), max_length=254)
    contact_role = forms.CharField(
        label=_("What is their part?"),
        help_text=_("Such as data steward, archivist or head of the programme."),
        required=False,
        max_length=100,
    )
    creators = LinesField(
        label=_("Creators"),
        help_text=_(
            "Who is named when the data are cited: one a line, with the address of an ORCID or a ROR where "
            "there is one. For example: Rosa Quispe | https://orcid.org/0000-0002-1825-0097"
        ),
        columns={"name": str, "address": AddressField().clean},
        most=100,
        required=False,
    )
