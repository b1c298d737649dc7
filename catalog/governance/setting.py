"""One thing that the consortium decides by vote: a whole number of a unit, within bounds."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class Unit(StrEnum):
    """What a setting counts."""

    MEMBERS = "members"
    DAYS = "days"
    HOURS = "hours"
    PERCENT = "percent"
    BASES = "bases"
    CONTRIBUTIONS = "contributions"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that is decided by vote.

    Attributes:
        key: stable name, as code, events and the API say it.
        title, explanation: what it is, and what a larger or smaller value brings about.
        kind: the unit of the value.
        least, most: bounds, both allowed; ``step`` lies between two values that can be chosen.
        default: in force until a motion is carried.
        choices: what each value means, for a `Unit.CHOICE`; ``notes`` tell more of each, where there is more.
    """

    key: str
    title: str | Promise
    explanation: str | Promise
    kind: Unit
    least: int
    most: int
    default: int
    step: int = 1
    choices: tuple[str | Promise, ...] = ()
    notes: tuple[str | Promise, ...] = ()

    def allows(self, value: object) -> bool:
        """Tell whether ``value`` is a whole number that this setting can have."""
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return self.least <= value <= self.most and (value - self.least) % self.step == 0

    @property
    def explained(self) -> list[tuple[str | Promise, str | Promise]]:
        """Each choice with its note."""
        return list(zip(self.choices, self.notes, strict=False))
