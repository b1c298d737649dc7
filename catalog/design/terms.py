"""Terms of vocabularies in the reader's language."""

from collections.abc import Callable

from django.utils.translation import get_language

from catalog.design.languages import choose_text, territory_for_reader
from catalog.vocabularies.reading import TermView, terms_of


def label_of(scheme: str, code: str) -> str:
    """Return what a term is called, also one that was retired; a code that nobody knows stands for itself.

    Countries are regions, and no terms of that vocabulary.
    """
    term = terms_of(scheme, retired=True).get(code)
    if term is None and scheme == "region":
        return territory_for_reader(code)
    return _text(term.labels) if term else code


def choices_of(scheme: str, *, defined: bool = False) -> Callable[[], list[tuple[str, str]]]:
    """Return the choices of a form's field, read anew for each form; with definitions behind the labels."""

    def read() -> list[tuple[str, str]]:
        return [(code, _words(term, defined=defined)) for code, term in terms_of(scheme).items()]

    return read


def _words(term: TermView, *, defined: bool) -> str:
    label, definition = _text(term.labels), _text(term.definition) if defined else ""
    return f"{label}: {definition}" if definition else label


def _text(texts: object) -> str:
    return choose_text(texts, get_language() or "en").text if isinstance(texts, dict) else ""
