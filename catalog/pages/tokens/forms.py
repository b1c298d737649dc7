from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import CatalogForm
from catalog.tokens.services import LONGEST_LIFE, LONGEST_NAME

USUAL: Final = 90  # days


class TokenForm(CatalogForm):
    """What a new token is called, and how long it counts."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("By this you will know it when you want to revoke it, such as “nightly import”."),
        max_length=LONGEST_NAME,
    )
    days = forms.IntegerField(
        label=_("For how many days?"),
        help_text=_("A short life does less harm when somebody finds it."),
        min_value=1,
        max_value=LONGEST_LIFE,
        initial=USUAL,
    )
