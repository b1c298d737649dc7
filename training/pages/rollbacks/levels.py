"""What each level of removal takes out and what it leaves, in words and numbers."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.pages.naming import Names, names_of
from provenance.actors import Actor
from provenance.errors import Conflict
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.rollbacks.descending import descendants_of
from training.rollbacks.discovering import discoverable
from training.rollbacks.models import Descendant, Level
from training.rollbacks.preview import Change, preview_of
from training.rollbacks.removal import Removal, plan_removal

MEANINGS: dict[Level, str | Promise] = {
    Level.REPLAY: _(
        "Every base since then is merged again without it. Later updates stay, although they were trained "
        "from bases that held it: through them something of it can remain. This is not unlearning in the "
        "sense of the law."
    ),
    Level.DESCENDANTS: _(
        "Later updates that were trained, or taught, from a base that held it are left out as well. Nothing "
        "that was computed from its weights is in the new base; what those members did is lost from it too."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A descendant as the reader may know it, with its page where it has one."""

    descendant: Descendant
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """One level: what it would do, or did. ``rows`` are the descendants that the reader may discover."""

    level: Level
    meaning: str | Promise
    removal: Removal
    changes: list[Change]
    rows: list[Row]


def outlook_of(removal: Removal, actor: Actor, kept: Collection[Descendant] | None = None) -> Outlook:
    """Return what a removal does, for this reader; ``kept`` are its descendants once the vote has passed."""
    found = descendants_of(removal) if kept is None else kept
    level = Level(removal.level)
    return Outlook(level, MEANINGS[level], removal, preview_of(removal), rows_of(actor, found))


def outlooks(head: Checkpoint, named: Collection[Contribution], actor: Actor) -> list[Outlook]:
    """Return both levels, or nothing where nothing of it is in the base."""
    try:
        return [outlook_of(plan_removal(head, named, level), actor) for level in Level]
    except Conflict:
        return []


def rows_of(actor: Actor, descendants: Collection[Descendant]) -> list[Row]:
    """Return those that the reader may discover, under the names of today (INV-6)."""
    known = discoverable(actor, descendants)
    names = names_of(actor, [each.subject for each in known])
    return [Row(each, *_called(each, names)) for each in known]


def _called(descendant: Descendant, names: Names) -> tuple[str, str]:
    named = names.get(descendant.subject)
    return (named.text, named.url) if named else (descendant.name, "")
