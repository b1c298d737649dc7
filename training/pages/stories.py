"""Events of the training floor in words, for ``catalog.pages.stories``."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, str | Promise]] = {
    "round.opened": _("The round was opened"),
    "round.distributing": _("Policy decided, and the jobs were signed"),
    "round.collecting": _("The jobs were sent to the nodes"),
    "round.straggler": _("A node was left out"),
    "round.reviewing": _("The review began"),
    "round.merging": _("The contributions are decided"),
    "round.merged": _("The next base was made"),
    "round.not-evaluated": _("No node may evaluate the base"),
    "round.closed": _("The round closed"),
    "round.abandoned": _("The round was abandoned"),
    "checkpoint.evaluated": _("A node measured both bases"),
    "contribution.received": _("Signed by the node and received"),
    "contribution.admitted": _("Admitted to review"),
    "contribution.inadmissible": _("Found inadmissible"),
    "contribution.accept-voted": _("A member accepts"),
    "contribution.reject-voted": _("A member rejects"),
    "contribution.accepted": _("Accepted"),
    "contribution.rejected": _("Rejected"),
    "contribution.merged": _("Merged into the next base"),
    "family.founded": _("Family of models founded"),
    "node.enrolment-requested": _("A node asked to take part"),
    "node.approved": _("A member approved the node"),
    "node.activated": _("The node takes part"),
    "node.suspended": _("The node was suspended"),
    "node.reinstated": _("The node was reinstated"),
    "node.revoked": _("The node was removed for good"),
    "job.created": _("Job made"),
    "job.dispatched": _("Job sent to its node"),
    "job.sent-again": _("Job sent to its node again"),
    "job.claimed": _("Job taken up by its node"),
    "job.requeued": _("Job queued again"),
    "job.refused": _("Job refused by its node"),
    "job.cancel-requested": _("The job was asked to stop"),
    "job.read-cut": _("Reading for a job was cut off"),
    "base.read": _("Base read by a node"),
    "data.read": _("Data read by a node"),
    "data.read-cut": _("Reading of data was cut off"),
    "withdrawal.assigned": _("Task of a withdrawal assigned"),
    "withdrawal.task-done": _("Task of a withdrawal done"),
}
