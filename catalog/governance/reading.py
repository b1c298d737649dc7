"""Reading the rules in force, and the motions that made them. All of it is public: anyone can verify it."""

from dataclasses import dataclass
from datetime import datetime

from catalog.governance.models import Rule
from catalog.governance.settings import SETTINGS, Setting


@dataclass(frozen=True, slots=True)
class InForce:
    """One rule as it stands. ``since`` and ``motion`` (its id) are empty while the default holds."""

    setting: Setting
    value: int
    since: datetime | None = None
    motion: str = ""


def rule(key: str) -> int:
    """Return the value in force, in one query.

    Raises:
        KeyError: there is no such setting.
    """
    setting = SETTINGS[key]
    newest = Rule.objects.filter(key=key).order_by("-id").values_list("value", flat=True).first()
    return setting.default if newest is None else int(newest)


def rules_in_force() -> dict[str, InForce]:
    """Return every rule by its key, in the order of ``SETTINGS``, in one query."""
    newest = {row.key: row for row in Rule.objects.order_by("key", "-id").distinct("key")}
    return {key: _in_force(setting, newest.get(key)) for key, setting in SETTINGS.items()}


def values_in_force() -> dict[str, int]:
    """Return the values alone, by key: what is written down beside a decision that they shaped."""
    return {key: held.value for key, held in rules_in_force().items()}


def _in_force(setting: Setting, row: Rule | None) -> InForce:
    if row is None:
        return InForce(setting, setting.default)
    return InForce(setting, int(row.value), row.in_force_from, str(row.motion_id))
