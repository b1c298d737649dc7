"""Stable reason codes in words. The codes stand in the log and in the API, the words only on pages."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.access.wording import REFUSALS
from catalog.pages.proposals.forms.decisions import REASONS
from catalog.policy.operations import Reason

POLICY: Final[Mapping[str, str | Promise]] = {
    Reason.NOT_DISCOVERABLE: _("there is no such version for who asks"),
    Reason.VERSION_WITHDRAWN: _("it was withdrawn"),
    Reason.EMBARGOED: _("its embargo is not over"),
    Reason.DETAILS_FOR_CONSORTIUM: _("details are for the consortium"),
    Reason.TIER_FORBIDS_DOWNLOAD: _("its tier forbids downloads"),
    Reason.NOT_A_MEMBER: _("not for people outside the members"),
    Reason.NOT_A_NODE: _("only for nodes"),
    Reason.NOT_OWNER_NODE: _("not a node of its owner"),
    Reason.OWNER_ONLY: _("for its owner alone"),
    Reason.NO_GRANT_NEEDED: _("no grant is needed"),
    Reason.GRANT_REQUIRED: _("a grant is needed"),
    Reason.GRANT_EXPIRED: _("the grant has expired"),
    Reason.PRIVATE_IN_SHARED_WORK: _("private data take part in no shared work"),
    Reason.PURPOSE_NOT_PERMITTED: _("its owner does not permit the purpose"),
    Reason.STAGE_NOT_PERMITTED: _("its owner does not permit the stage of training"),
    Reason.TERMS_UNKNOWN: _("its terms are not known"),
    Reason.NOT_ACCEPTED_FOR_PURPOSE: _("the consortium did not accept it for this purpose"),
    Reason.OUTSIDE_RESIDENCY: _("outside its residency boundary"),
    Reason.UPDATES_MAY_NOT_LEAVE: _("weight updates may not leave"),
    Reason.WEAKER_OUTPUT: _("the output would be less restricted"),
}
GOVERNANCE: Final[Mapping[str, str | Promise]] = {
    "not-a-maintainer": _("only maintainers move and vote, each for their own member"),
    "codec-mismatch": _("it is not written in the codec that was agreed"),
    "below-quality-floor": _("it improved less than the members voted for"),
}
_WORDS: Final[dict[str, str | Promise]] = {**dict(REFUSALS), **dict(REASONS), **POLICY, **GOVERNANCE}


def describe_reasons(words: Mapping[str, str | Promise]) -> None:
    """Let a floor above say what its codes are in words."""
    _WORDS.update(words)


def words_of_reason(code: str) -> str:
    """Return a reason code in words; one that nobody described is spelled out."""
    return str(_WORDS.get(code) or code.replace("-", " "))
