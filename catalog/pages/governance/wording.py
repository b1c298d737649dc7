"""Rules and motions in words, for each reader only with the names that this reader may know."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from catalog.governance.models import Motion, MotionKind
from catalog.governance.settings import SETTINGS, Setting, Unit
from catalog.members.models import Role
from catalog.pages.naming import Names, names_of
from provenance.actors import Actor

_COUNTED: Final = {
    Unit.MEMBERS: ngettext_lazy("%(n)d member", "%(n)d members", "n"),
    Unit.DAYS: ngettext_lazy("%(n)d day", "%(n)d days", "n"),
    Unit.HOURS: ngettext_lazy("%(n)d hour", "%(n)d hours", "n"),
    Unit.BASES: ngettext_lazy("%(n)d base", "%(n)d bases", "n"),
    Unit.CONTRIBUTIONS: ngettext_lazy("%(n)d contribution", "%(n)d contributions", "n"),
}


def value_words(setting: Setting, value: int) -> str:
    """Return a value with its unit."""
    if setting.kind in _COUNTED:
        return str(_COUNTED[setting.kind] % {"n": value})
    if setting.kind is Unit.CHOICE:
        return str(setting.choices[value - setting.least])
    return _("%(n)d %%") % {"n": value}


def names_in(reader: Actor, motions: Iterable[Motion]) -> Names:
    """Return the names of the people and members that role motions speak of, as ``reader`` may know them."""
    changes = [motion.change for motion in motions if motion.kind == MotionKind.ROLE]
    return names_of(
        reader, [name for change in changes for name in (change["person"], f"member:{change['member']}")]
    )


def title_of(motion: Motion, names: Names) -> str:
    """Return what the motion would bring about, as a heading."""
    change = motion.change
    if motion.kind == MotionKind.SETTING:
        setting = SETTINGS[change["key"]]
        words = {"rule": setting.title, "value": value_words(setting, change["value"])}
        return _("%(rule)s: %(value)s") % words
    if motion.kind == MotionKind.MEMBER:
        return _("Admit %(name)s") % {"name": change["name"]}
    return _role_title(change, names)


def _role_title(change: Mapping[str, Any], names: Names) -> str:
    member = f"member:{change['member']}"
    known = names.get(change["person"])
    words = {
        "person": known.text if known else _("a person"),
        "member": names[member].text if member in names else change["member"],
    }
    if change["role"] == Role.MAINTAINER:
        return _("Name %(person)s the maintainer of %(member)s") % words
    if change["grant"]:
        return _("Name %(person)s of %(member)s a community reviewer") % words
    return _("End the role of %(person)s of %(member)s as a community reviewer") % words


def consequences_of(motion: Motion) -> list[str]:
    """Return what would follow, a sentence each."""
    change = motion.change
    if motion.kind == MotionKind.SETTING:
        return [str(SETTINGS[change["key"]].explanation), when_it_holds(change["key"])]
    if motion.kind == MotionKind.MEMBER:
        return [
            _("It gets a voice: it votes, reviews, and its nodes may take part in rounds."),
            _("Its first maintainer gets an account and a letter, and names its other people."),
        ]
    if change["role"] == Role.MAINTAINER:
        return [_("The member has lost its last maintainer. With this one it has a voice again.")]
    if change["grant"]:
        return [
            _("A community reviewer can stop a proposal for its community, those of the own member too."),
            _("They approve nothing, and have no voice in votes."),
        ]
    return [_("What they stopped stays stopped until an appeal decides otherwise.")]


def when_it_holds(key: str) -> str:
    """Return from when on a rule is looked at: nobody's running work changes under their hands."""
    if key == "review.quorum":
        return _("It holds at once, for proposals that are under review too.")
    if key == "motion.days":
        return _("A motion that is open keeps the time that it was opened with.")
    if key == "round.cadence_hours":
        return _("It holds at once, counted from when the last round opened.")
    if key == "contribution.quorum" or key.startswith(("weighting.", "round.", "merge.")):
        return _("It holds for rounds that open from then on; a round keeps the rules that it opened under.")
    return _("It holds for what begins from then on.")
