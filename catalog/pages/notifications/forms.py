from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.notifications.correspondence import LETTER_LANGUAGES
from catalog.notifications.models import MailPace
from catalog.pages.proposals.forms.base import CatalogForm

PACES = (
    (MailPace.AT_ONCE.value, _("At once, each in a minute or two")),
    (MailPace.DAILY.value, _("Once a day, in one letter with what waits for me")),
    (MailPace.NEVER.value, _("Never; I look here, or read the feed")),
)


class CorrespondenceForm(CatalogForm):
    """How somebody wants to be told."""

    pace = forms.ChoiceField(
        label=_("How often do you want letters?"), choices=PACES, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        help_text=_("Of letters and feeds. Pages are in the language of your browser."),
        choices=LETTER_LANGUAGES,
        initial=settings.LANGUAGE_CODE,
        widget=forms.RadioSelect,
    )
