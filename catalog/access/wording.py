"""Requests in words: where one stands, and why there is nothing to ask for."""

from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.access.models import AccessRequest
from catalog.access.states import AccessState
from catalog.policy import Reason
from catalog.tiers import Purpose

PURPOSES: Final[dict[str, str | Promise]] = {
    Purpose.CONTRIBUTED_CPT: gettext_lazy("Contributed training, in a round of the consortium"),
    Purpose.EVALUATION: gettext_lazy("Evaluation of a base, in a round of the consortium"),
    Purpose.SOVEREIGN_BUILD: gettext_lazy("A sovereign build: the asking member’s own model"),
}
WHY_NOT: Final[dict[str, str | Promise]] = {
    Reason.NOT_A_MEMBER: gettext_lazy("Only people of a member organisation ask, and for that member."),
    Reason.NO_GRANT_NEEDED: gettext_lazy("No grant is needed here: the tier permits it without asking."),
    Reason.OWNER_ONLY: gettext_lazy("Private data serve their owner alone, and cannot be granted."),
    Reason.VERSION_WITHDRAWN: gettext_lazy("It was withdrawn, so nothing of it is granted any more."),
    Reason.PURPOSE_NOT_PERMITTED: gettext_lazy("Its owner does not permit that models are trained on it."),
    Reason.NOT_ACCEPTED_FOR_PURPOSE: gettext_lazy("The consortium did not accept it for training."),
    Reason.TERMS_UNKNOWN: gettext_lazy("Whether models may be trained on it is unknown, so it is not."),
}
# Stable codes: they stand in the log and in the API, the words only here.
REFUSALS: Final[list[tuple[str, str | Promise]]] = [
    ("scope-too-wide", gettext_lazy("The scope is wider than the purpose needs")),
    ("purpose-unclear", gettext_lazy("The purpose is not clear enough")),
    ("community-consent", gettext_lazy("The community did not agree to such a use")),
    ("safeguards-missing", gettext_lazy("Safeguards are missing")),
    ("conditions-broken", gettext_lazy("Conditions were not kept")),
]
# What nobody can have done who was granted nothing yet.
AFTER_A_GRANT: Final = frozenset({"conditions-broken"})


def why_not(code: str) -> str:
    """Return a sentence for the policy's reason against a request."""
    return str(WHY_NOT.get(code, _("There is nothing to grant to you here.")))


def runs_at(request: AccessRequest, at: datetime | None = None) -> bool:
    """Tell whether a grant counts at a moment (now), as the policy would read the clock."""
    until = request.expires_at
    return request.state == AccessState.GRANTED and until is not None and (at or timezone.now()) < until


def standing_of(request: AccessRequest, *, decides: bool = False) -> str:
    """Return one sentence that says where the request stands, to whom decides on it or to anybody else."""
    if decides and request.state == AccessState.SUBMITTED:
        return _("It waits for your decision.")
    names = {"owner": request.dataset.member, "member": request.member}
    sentences = {
        AccessState.SUBMITTED: _("It waits for a data steward of %(owner)s."),
        AccessState.REFUSED: _("%(owner)s refused it. %(member)s may ask again in other words."),
        AccessState.WITHDRAWN: _("%(member)s took it back."),
        AccessState.REVOKED: _("%(owner)s revoked the grant; it counts for nothing any more."),
        AccessState.EXPIRED: _("The grant has run out."),
        AccessState.GRANTED: _("The grant runs: nodes may work with the data for this purpose alone."),
    }
    over = request.state == AccessState.GRANTED and not runs_at(request)
    return sentences[AccessState.EXPIRED if over else AccessState(request.state)] % names
