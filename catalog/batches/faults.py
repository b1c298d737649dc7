"""What can be wrong with a row. A fault is kept as a code and what it is about; words are made on reading."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as made
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.proposals.wording import name_of

_DUPLICATE_ROW: Final = "duplicate of a row"
_WORDS: Final[Mapping[str, tuple[str | Promise, str | Promise]]] = MappingProxyType(
    {
        "ragged-row": (
            _("The row has another number of cells than the heading: they may stand under wrong names."),
            _("Look at each cell, move what slipped, and save."),
        ),
        "characters-lost": (
            _("A character could not be read and stands as �."),
            _("Write the word again, or export the table in UTF-8."),
        ),
        "markup": (
            _("The text holds HTML; here it is kept as plain text."),
            _("Take over the text without it."),
        ),
        "text-too-long": (
            _("The text has %(length)s characters; at most %(most)s fit."),
            _("Shorten it."),
        ),
        "too-many": (_("There are more than %(most)s of them."), _("Keep the most important ones.")),
        "title-missing": (
            _("The row names no dataset, so that there is nothing to make a draft from."),
            _("Give it a title, or leave the row out."),
        ),
        "language-unknown": (
            _("“%(value)s” is no language that we know."),
            _("Give its tag (vi, pt-BR) or its English name; several are separated by semicolons."),
        ),
        "licence-unknown": (
            _("“%(value)s” is no licence that we know."),
            _("Give an SPDX expression such as CC-BY-4.0, LicenseRef-… for another basis, or unknown."),
        ),
        "term-unknown": (_("“%(value)s” is not one of the terms."), _("Choose from: %(choices)s.")),
        "tier-unknown": (
            _("“%(value)s” is none of the four tiers."),
            _("Write open, train-only or local-only. Private data are not described here."),
        ),
        "answer-unreadable": (_("“%(value)s” is neither yes nor no."), _("Write %(choices)s.")),
        "day-unreadable": (_("“%(value)s” is no day."), _("Write it as 2026-03-31.")),
        "day-ambiguous": (
            _("“%(value)s” can be read as two days."),
            _("Write the year first, as in 2026-03-31."),
        ),
        "number-unreadable": (_("“%(value)s” is no whole number."), _("Write digits alone, without a unit.")),
        "share-unreadable": (
            _("“%(value)s” is no share of a whole."),
            _("Write a percentage, as in 85 %, or a number from 0 to 1."),
        ),
        "email-malformed": (_("“%(value)s” is no e-mail address."), _("Write it as name@example.org.")),
        "address-malformed": (
            _("“%(value)s” is no address of the web."),
            _("Begin it with https://, and leave out spaces."),
        ),
        "country-unknown": (
            _("“%(value)s” is no country or region that we know."),
            _("Give its code, such as VN, or its English name."),
        ),
        "creator-unreadable": (
            _("“%(value)s” does not name a creator."),
            _("Write a name, or a name with an address: Archive <https://archive.example>."),
        ),
        "duplicate": (
            _("The %(about)s is that of the proposal %(proposal)s."),
            _("Leave the row out, or keep it anyway."),
        ),
        _DUPLICATE_ROW: (
            _("The %(about)s is that of row %(row)s."),
            _("Leave the row out, or keep it anyway."),
        ),
        "value-invalid": (_("It can not stay like this: %(reason)s."), _("Change it.")),
        "draft-refused": (_("No draft could be made: %(reason)s"), _("Change the row, or leave it out.")),
    }
)
OF_THE_TABLE: Final = frozenset({"ragged-row"})
"""Codes of what was seen while the table was read: they hold until a person looked at the row."""
MOST_SHOWN: Final = 80  # characters of a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a row: the ``field`` of the record, the ``column`` of the table, "" where it is of none.

    ``told`` fills the sentence; ``suggestion`` is a text that could stand there instead.
    """

    code: str
    field: str = ""
    column: str = ""
    told: Mapping[str, str] = made(default_factory=dict)
    suggestion: str = ""

    @property
    def message(self) -> str:
        """What is wrong, in the reader's language."""
        return str(self._words[0]) % {"about": self.about, **self.told}

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return str(self._words[1]) % self.told if "choices" in self.told else str(self._words[1])

    @property
    def _words(self) -> tuple[str | Promise, str | Promise]:
        return _WORDS[_DUPLICATE_ROW if "row" in self.told else self.code]

    @property
    def about(self) -> str:
        """What the field is called."""
        return str(name_of(self.field)) if self.field else ""

    def stored(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return {name: value for name, value in asdict(self).items() if value}


class Unreadable(Exception):  # noqa: N818 - named for what is the case
    """A cell that can not be read; whoever knows the column makes a fault of it."""

    def __init__(self, code: str, *, suggestion: str = "", **told: object) -> None:
        super().__init__(code)
        self.code, self.suggestion = code, suggestion
        self.told = {
            name: str(value) if name == "choices" else shortened(str(value)) for name, value in told.items()
        }

    def at(self, *, field: str, column: str) -> Fault:
        """Return the fault in its place."""
        return Fault(code=self.code, field=field, column=column, told=self.told, suggestion=self.suggestion)


def faults_of(stored: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Return the faults that a row keeps."""
    return [Fault(**each) for each in stored]


def shortened(text: str) -> str:
    """Return as much of a value as a sentence can hold."""
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
