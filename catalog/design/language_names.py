"""Names of languages in the reader's language, for those who cannot read how a language calls itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from langcodes import Language
from langcodes.tag_parser import LanguageTagError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

# Django names, and translates, the languages that it speaks itself; these are the others of AUTONYMS.
FURTHER: Mapping[str, str | Promise] = {
    "am": _("Amharic"),
    "bm": _("Bambara"),
    "gn": _("Guarani"),
    "ha": _("Hausa"),
    "haw": _("Hawaiian"),
    "lo": _("Lao"),
    "mi": _("Māori"),
    "mt": _("Maltese"),
    "om": _("Oromo"),
    "ps": _("Pashto"),
    "qu": _("Quechua"),
    "rw": _("Kinyarwanda"),
    "si": _("Sinhala"),
    "so": _("Somali"),
    "ti": _("Tigrinya"),
    "wo": _("Wolof"),
    "xh": _("Xhosa"),
    "yo": _("Yoruba"),
    "zh": _("Chinese"),
    "zu": _("Zulu"),
}


def language_for_reader(tag: str) -> str:
    """Return what the reader calls the language of a tag, without region and script; empty if unnamed."""
    try:
        language = Language.get(tag).language or ""
    except LanguageTagError:
        return ""
    if language in FURTHER:
        return str(FURTHER[language])
    known = LANG_INFO.get(language, {}).get("name")
    return gettext(str(known)) if known else ""
