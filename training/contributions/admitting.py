"""The admission check of an update: facts for maintainers, and a stop where a published rule says no."""

import math
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction

from provenance.actors import COORDINATOR
from provenance.blobs import get_store
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from training.admission import Admission, admit
from training.contributions.models import Contribution
from training.contributions.quality import below_floor
from training.contributions.states import TRANSITIONS, ContributionState
from training.messages import advance_soon


def check_contribution(contribution_id: int) -> Contribution:
    """Measure the update against its base and admit it to review, or not; a second call changes nothing.

    The files are read without a lock held; the state is compared again when the report is written.
    """
    contribution = Contribution.objects.select_related("job__round__base", "round").get(pk=contribution_id)
    if contribution.state != ContributionState.RECEIVED:
        return contribution
    store = get_store()
    base = contribution.job.round.base  # what it was trained from; all bases of a family have one layout
    with store.local_path(base.weights_sha256) as old, store.local_path(contribution.weights_sha256) as new:
        admission = admit(old, new, codec=contribution.codec)
    floor = contribution.round.rules.get("weighting.quality_floor", 0)
    if finding := below_floor(contribution.summary, floor):
        admission = replace(admission, findings=(*admission.findings, finding))
    return _record(contribution, admission)


@transaction.atomic
def _record(contribution: Contribution, admission: Admission) -> Contribution:
    contribution = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if contribution.state != ContributionState.RECEIVED:
        return contribution
    to = ContributionState.ADMITTED if admission.admissible else ContributionState.INADMISSIBLE
    swap_state(contribution, to=to, table=TRANSITIONS, admission=report_of(admission))
    record_event(
        actor=COORDINATOR,
        action=f"contribution.{to}",
        subject=f"contribution:{contribution.digest}",
        outcome=Outcome.ALLOWED if admission.admissible else Outcome.DENIED,
        reason_codes=sorted({finding.code for finding in admission.findings}),
        evidence=Evidence(artifact=contribution.digest, job=contribution.job_id),
    )
    advance_soon(contribution.round_id)
    return contribution


def report_of(admission: Admission) -> dict[str, Any]:
    """Return the report as JSON; a number that is not finite has no JSON and becomes null."""
    return {
        "admissible": admission.admissible,
        "findings": [asdict(finding) for finding in admission.findings],
        "norm": admission.norm,
        "relative_norm": admission.relative_norm,
        "elements": admission.elements,
        "per_tensor": {
            name: {key: _finite(value) for key, value in asdict(measure).items()}
            for name, measure in admission.per_tensor.items()
        },
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
