"""How each state of the consortium's work reads: a tone (shape and colour) and a word.

The words follow docs/design/001-foundation.md; one word means the same in every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

# The seven tones: see static/css/components/status.css for their shapes.
WAITING, ACTIVE, GOOD, ATTENTION, BAD, ENDED, QUIET = (
    "waiting",
    "active",
    "good",
    "attention",
    "bad",
    "ended",
    "quiet",
)


class Reading(NamedTuple):
    """A state as people read it."""

    tone: str
    word: str | Promise


READINGS: Mapping[str, Reading] = {
    # proposals
    "draft": Reading(WAITING, _("Draft")),
    "submitted": Reading(ACTIVE, _("Submitted")),
    "in_review": Reading(ACTIVE, _("In review")),
    "changes_requested": Reading(ATTENTION, _("Changes requested")),
    "accepted": Reading(GOOD, _("Accepted")),
    "rejected": Reading(BAD, _("Rejected")),
    "blocked": Reading(BAD, _("Blocked")),
    "withdrawn": Reading(ENDED, _("Withdrawn")),
    # reviews: who is asked, talks and appeals
    "overdue": Reading(BAD, _("Overdue")),
    "declined": Reading(ENDED, _("Declined")),
    "passed-on": Reading(ENDED, _("Passed on")),
    "released": Reading(ENDED, _("Released")),
    "resolved": Reading(GOOD, _("Resolved")),
    "upheld": Reading(GOOD, _("Upheld")),
    "dismissed": Reading(BAD, _("Dismissed")),
    # votes
    "carried": Reading(GOOD, _("Carried")),
    "lost": Reading(BAD, _("Lost")),
    "lapsed": Reading(ENDED, _("Lapsed")),
    # tables of descriptions and their rows
    "mapping": Reading(ATTENTION, _("Columns to check")),
    "working": Reading(ACTIVE, _("At work")),
    "waiting": Reading(WAITING, _("Waiting")),
    "faulty": Reading(ATTENTION, _("To repair")),
    "drafted": Reading(ACTIVE, _("Draft")),
    "skipped": Reading(ENDED, _("Left out")),
    # datasets and their versions
    "published": Reading(GOOD, _("Published")),
    "deprecated": Reading(ATTENTION, _("Deprecated")),
    "superseded": Reading(ATTENTION, _("Superseded")),
    # nodes
    "pending": Reading(WAITING, _("Pending")),
    "active": Reading(GOOD, _("Active")),
    "suspended": Reading(ATTENTION, _("Suspended")),
    "revoked": Reading(BAD, _("Revoked")),
    "too-old": Reading(BAD, _("Too old")),
    # rollbacks
    "proposed": Reading(ATTENTION, _("Proposed")),
    "replaying": Reading(ACTIVE, _("Replaying")),
    "taken-back": Reading(ENDED, _("Taken back")),
    # rounds
    "open": Reading(WAITING, _("Open")),
    "distributing": Reading(ACTIVE, _("Distributing")),
    "collecting": Reading(ACTIVE, _("Collecting")),
    "reviewing": Reading(ATTENTION, _("Reviewing")),
    "merging": Reading(ACTIVE, _("Merging")),
    "evaluating": Reading(ACTIVE, _("Evaluating")),
    "promoting": Reading(ACTIVE, _("Promoting")),
    "closed": Reading(GOOD, _("Closed")),
    "abandoned": Reading(ENDED, _("Abandoned")),
    # jobs
    "queued": Reading(WAITING, _("Queued")),
    "dispatched": Reading(WAITING, _("Dispatched")),
    "running": Reading(ACTIVE, _("Running")),
    "uploading": Reading(ACTIVE, _("Uploading")),
    "paused": Reading(ATTENTION, _("Paused")),
    "held": Reading(WAITING, _("Held on its node")),
    "resting": Reading(WAITING, _("Rests before the next try")),
    "away": Reading(ATTENTION, _("Away")),
    "succeeded": Reading(GOOD, _("Succeeded")),
    "failed": Reading(BAD, _("Failed")),
    "refused": Reading(BAD, _("Refused")),
    "cancelled": Reading(ENDED, _("Cancelled")),
    # requests for access
    "granted": Reading(GOOD, _("Granted")),
    "expired": Reading(ENDED, _("Expired")),
    # contributions
    "committed": Reading(ACTIVE, _("Committed")),
    "received": Reading(ACTIVE, _("Received")),
    "admitted": Reading(ATTENTION, _("Admitted, awaits decision")),
    "inadmissible": Reading(BAD, _("Inadmissible")),
    "quarantined": Reading(ATTENTION, _("In quarantine")),
    "merged": Reading(GOOD, _("Merged")),
    # models made from a base
    "registered": Reading(GOOD, _("Registered")),
    "retired": Reading(ENDED, _("Retired")),
    # steps of a task list
    "to_do": Reading(ATTENTION, _("To do")),
    "in_progress": Reading(ACTIVE, _("In progress")),
    "done": Reading(GOOD, _("Done")),
    "cannot_start": Reading(WAITING, _("Cannot start yet")),
    "optional": Reading(QUIET, _("Optional")),
    # checks, findings and decisions
    "passed": Reading(GOOD, _("Passed")),
    "warning": Reading(ATTENTION, _("Warning")),
    "same-bytes": Reading(GOOD, _("The same bytes")),
    "other-bytes": Reading(ATTENTION, _("Other bytes")),
    "allowed": Reading(GOOD, _("Allowed")),
    "denied": Reading(BAD, _("Denied")),
    "ready": Reading(GOOD, _("Ready")),
    "not_ready": Reading(ATTENTION, _("Not ready")),
}


def read_state(state: str) -> Reading:
    """Return tone and word of a state; an unknown one is shown as it is, in the quiet tone."""
    return READINGS.get(state) or Reading(QUIET, state.replace("_", " ").capitalize())
