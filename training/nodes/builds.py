"""What a member chooses to say of a sovereign build. Nothing is asked for, and nothing else is kept."""

import math
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from provenance.actors import CONSORTIUM
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event
from training.checkpoints.models import Checkpoint
from training.manifest.kinds import PRIVATE
from training.nodes.models import BuildReport, Node

KINDS: Final = tuple(sorted(str(kind) for kind in PRIVATE))
STATES: Final = ("started", "running", "succeeded", "failed")
COUNTS: Final = frozenset({"steps", "tokens"})
FIGURES: Final = frozenset({"seconds", "joules", "last_loss"})
MOST: Final = 2**53 - 1  # whole numbers that JSON carries exactly


@transaction.atomic
def report_build(
    node: Node, *, key: UUID, kind: str = "", base: str = "", said: Mapping[str, Any] | None = None
) -> BuildReport:
    """Keep, or replace, what the node says of one of its builds, which ``key`` numbers.

    Raises:
        Invalid: ``base-unknown``; ``build-malformed`` names each field that is unknown or out of bounds.
        Conflict: ``key-taken``, by another node's build.
    """
    said = dict(said or {})
    _check(kind, said)
    start = Checkpoint.objects.filter(digest=base).first() if base else None
    if base and start is None:
        raise Invalid("There is no such base.", code="base-unknown", fields={"base": ["unknown"]})
    values = {"kind": kind, "base": start, "said": said}
    report, is_new = BuildReport.objects.select_for_update(of=("self",)).get_or_create(
        key=key, defaults={"node": node, **values}
    )
    if report.node_id != node.pk:
        raise Conflict("Another build has this number.", code="key-taken", remedy="Choose another UUID.")
    if is_new:
        record_event(
            actor=node.actor,
            action="build.reported",
            subject=f"build:{key}",
            audience=CONSORTIUM,
            evidence=Evidence(
                place=node.jurisdiction, details={"node": node.slug, "kind": kind, "base": base}
            ),
        )
        return report
    for name, value in values.items():
        setattr(report, name, value)
    report.save(update_fields=[*values, "updated_at"])
    return report


def _check(kind: str, said: Mapping[str, Any]) -> None:
    fields: dict[str, list[str]] = {}
    if kind and kind not in KINDS:
        fields["kind"] = [f"one of {', '.join(KINDS)}, or nothing"]
    for name, value in said.items():
        if problem := _problem(name, value):
            fields[f"said.{name}"[:60]] = [problem]
    if fields:
        raise Invalid("This report can not be kept.", code="build-malformed", fields=fields)


def _problem(name: str, value: object) -> str:
    """Return what is wrong with one field; nothing where it may be said so."""
    if name == "state":
        return "" if value in STATES else f"one of {', '.join(STATES)}"
    if name not in COUNTS | FIGURES:
        return f"nobody asks for this; known are state, {', '.join(sorted(COUNTS | FIGURES))}"
    kinds = (int,) if name in COUNTS else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool) or not 0 <= value <= MOST:
        return f"a {'whole ' if name in COUNTS else ''}number from 0 to {MOST}"
    return "" if math.isfinite(value) else "a finite number"
