"""The site's sections, at the paths that DESIGN fixes for the outside world."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Section(NamedTuple):
    """One entry of the primary navigation."""

    path: str
    label: str | Promise
    signed_in: bool = False  # nobody else has anything there
    also: tuple[str, ...] = ()  # further paths that belong to it


SECTIONS = (
    Section("/datasets/", _("Datasets")),
    Section("/proposals/", _("Proposals")),
    Section("/access/", _("Access"), signed_in=True),
    Section("/rounds/", _("Rounds"), also=("/contributions/",)),
    Section("/checkpoints/", _("Checkpoints"), also=("/rollbacks/", "/derivatives/", "/models/", "/series/")),
    Section("/nodes/", _("Nodes")),
    Section("/members/", _("Members")),
    Section("/governance/", _("Governance")),
    Section("/log/", _("Log")),
)


def mark_sections(path: str, *, signed_in: bool = False) -> list[tuple[Section, str]]:
    """Pair each section with its aria-current value for a path: `page`, `true` (inside it) or empty."""
    return [(section, _current(section, path)) for section in SECTIONS if signed_in or not section.signed_in]


def _current(section: Section, path: str) -> str:
    if path == section.path:
        return "page"
    return "true" if path.startswith((section.path, *section.also)) else ""
