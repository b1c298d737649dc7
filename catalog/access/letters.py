"""The letter after a step: one sentence and the address of the request, to the people whom it concerns."""

from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.access.models import AccessRequest
from catalog.members.models import Role, User

SENTENCES: Final[dict[str, str | Promise]] = {
    "access.requested": _("%(member)s asks for access to %(dataset)s."),
    "access.renewal-requested": _("%(member)s asks for a longer access to %(dataset)s."),
    "access.withdrawn": _("%(member)s gave back its access to %(dataset)s, or its request for it."),
    "access.granted": _("%(owner)s granted access to %(dataset)s."),
    "access.refused": _("%(owner)s refused access to %(dataset)s."),
    "access.revoked": _("%(owner)s revoked access to %(dataset)s."),
    "access.expired": _("The access of %(member)s to %(dataset)s has run out."),
}
TO_OWNER: Final = frozenset({"access.requested", "access.renewal-requested", "access.withdrawn"})


def letter_about(request: AccessRequest, action: str) -> tuple[str, str, list[str]]:
    """Return subject, body and addresses: the owner's stewards, or whoever asked.

    Nothing of the project or its reasons is in it: mail travels in the open.
    """
    names = {
        "member": request.member.name,
        "owner": request.dataset.member.name,
        "dataset": request.dataset.slug,
    }
    sentence = str(SENTENCES[action]) % names
    body = f"{sentence}\n\n{settings.PUBLIC_URL}{request.get_absolute_url()}\n"
    return f"[{settings.SITE_NAME}] {sentence}", body, _addresses(request, action)


def _addresses(request: AccessRequest, action: str) -> list[str]:
    if action not in TO_OWNER:
        return [request.requested_by.email] if request.requested_by.is_active else []
    stewards = User.objects.filter(
        is_active=True, memberships__member=request.dataset.member, memberships__role=Role.STEWARD
    )
    return sorted(stewards.values_list("email", flat=True).distinct())
