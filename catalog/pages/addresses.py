"""`/accounts/email/`: which addresses belong to my account, and which of them is the main one?"""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from catalog.members.models import User

NOT_CONFIRMED = "account/messages/unverified_primary_email.txt"
TAKEN = "account/messages/email_confirmation_failed.txt"


class OwnAddresses(EmailView):  # type: ignore[misc]  # allauth has no types
    """Makes only a confirmed address the main one.

    The library lets an unconfirmed one through as long as none is confirmed, and then breaks on an address
    that another account signs in with: that would tell anybody signed in who has an account (INV-6).
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        """Refuse that one action; all others are the library's."""
        if "action_primary" in request.POST and (why_not := _why_not_main(request)):
            email = request.POST.get("email", "")
            get_adapter().add_message(request, messages.ERROR, why_not, {"email": email})
            return redirect("account_email")
        answer: HttpResponse = super().post(request)
        return answer


def _why_not_main(request: HttpRequest) -> str:
    """Return the message to show; of another account hears only whoever confirmed the address as theirs."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - the view lets nobody else in
    email = request.POST.get("email", "")
    if not EmailAddress.objects.filter(user=person, email__iexact=email, verified=True).exists():
        return NOT_CONFIRMED
    return TAKEN if User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists() else ""
