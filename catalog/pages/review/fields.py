"""What a talk can be about: the questions of the record, its files, or all of it."""

from itertools import groupby
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.pages.records import GROUPS, LABELS, QUESTIONS

WHOLE: Final = _("All of it")
OTHERS: Final[dict[str, str | Promise]] = {
    "files": _("Files"),
    "change_note": _("What changed"),
    "affirmed": _("Affirmation"),
}

Choice = tuple[str, str | Promise]


def field_choices() -> list[Choice | tuple[str | Promise, list[Choice]]]:
    """Return every field that a talk can be about, under the headings of the record; "" is all of it."""
    grouped = groupby(QUESTIONS, key=lambda question: GROUPS[question.step])
    return [
        ("", WHOLE),
        *((heading, [(each.path, each.label) for each in asked]) for heading, asked in grouped),
        (_("Besides the record"), list(OTHERS.items())),
    ]


def label_of_field(path: str) -> str | Promise:
    """Return what a field is called.

    A finding may name a part of an answer: then it is called as that. Or it names several answers together,
    as ``rights``: then it is called as their heading.
    """
    if not path:
        return WHOLE
    known = {**LABELS, **OTHERS}
    parts = path.split(".")
    ancestors = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    parts_of_it = (GROUPS[each.step] for each in QUESTIONS if each.path.startswith(f"{path}."))
    return next((known[name] for name in ancestors if name in known), next(parts_of_it, path))
