"""Accounts for people whom a member names: without a password, until they choose one by a letter's link."""

from django.db import transaction

from catalog.members.models import User
from catalog.members.tasks import write_invitation


@transaction.atomic
def invite_person(*, email: str, name: str) -> User:
    """Return the person with this address; an unknown one gets an account, and a letter after the commit.

    Nobody can sign in with the new account before its owner has chosen a password.
    """
    known = User.objects.filter(email__iexact=email.strip()).first()
    if known is not None:
        return known
    person = User.objects.create_user(email.strip(), None, name=name)
    write_invitation.delay(person.pk)
    return person
