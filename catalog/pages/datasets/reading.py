"""What the pages of an entry and of its versions say alike."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.datasets.models import DatasetVersion
from catalog.interchange.disclosure import may_read_details, readable_record
from catalog.lifecycle.standing import standings_of
from catalog.lifecycle.tombstones import Tombstone
from catalog.members.models import Role
from catalog.pages.access.ask import may_ask
from catalog.pages.datasets.answers import may_i_use_it
from catalog.pages.datasets.descent import bounded_depth, descent_of
from catalog.pages.datasets.files import files_for
from catalog.pages.datasets.seals import seal_of
from catalog.pages.records import rows_of
from catalog.tiers import RULES, Tier
from provenance.actors import Actor

ABOVE: Final = frozenset({"title", "summary", "tier"})  # said at the top of the page already


def reading_of(version: DatasetVersion, actor: Actor, depth: str | None) -> dict[str, Any]:
    """Return the template's view of a version, as far as the actor may read it."""
    record = readable_record(actor, version)
    standings = standings_of(actor, [version.dataset])
    standing = standings.get((version.dataset_id, None))
    return {
        "dataset": version.dataset,
        "version": version,
        "rules": RULES[Tier(version.tier)],
        "seal": seal_of(version),
        "answer": may_i_use_it(version.dataset, version.tier, record, standing),
        "rows": [row for row in rows_of(record) if row.lines and row.path not in ABOVE],
        "detailed": may_read_details(actor, version),
        "is_steward": actor.has_role(Role.STEWARD, member=version.dataset.member.slug),
        "asks_access": may_ask(actor, version),
        "files": files_for(version, actor),
        "descent": descent_of(version, actor, depth=bounded_depth(depth)),
        "depth": bounded_depth(depth),
        "standing": standing,
        "version_standing": standings.get((version.dataset_id, version.pk)),
    }


def show_tombstone(request: HttpRequest, tombstone: Tombstone) -> HttpResponse:
    """Show what stays of a withdrawn entry. It is citable, so it is found: 200, not 410."""
    context = {"dataset": tombstone.dataset, "tombstone": tombstone}
    return render(request, "pages/datasets/tombstone.html", context)
