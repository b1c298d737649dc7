"""The end of a commitment whose bytes will not come: its job ended without them."""

from provenance.actors import COORDINATOR
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from training.contributions.models import Contribution
from training.contributions.states import TRANSITIONS, ContributionState
from training.jobs.models import Job


def withdraw_commitment(job: Job) -> None:
    """Withdraw what the job committed to and did not deliver, for the cause by which the job ended.

    Must run in the transaction that ends the job, which the caller has locked. Nothing happens where nothing
    is committed.
    """
    committed = Contribution.objects.filter(job=job, state=ContributionState.COMMITTED).first()
    if committed is None:
        return
    swap_state(committed, to=ContributionState.WITHDRAWN, table=TRANSITIONS)
    record_event(
        actor=COORDINATOR,
        action="contribution.withdrawn",
        subject=f"contribution:{committed.digest}",
        outcome=Outcome.FAILED,
        reason_codes=[job.reason_code] if job.reason_code else [],
        evidence=Evidence(
            artifact=committed.digest,
            job=job.pk,
            place=job.node.jurisdiction,
            purpose=job.kind,
            details={"round": committed.round_id, "cause": job.reason},
        ),
    )
