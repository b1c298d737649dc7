"""What a page answers when a service says no: its own words, beside the form or on the next page."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from provenance.errors import DomainError


def words_of(error: DomainError) -> str:
    """Return the refusal and, where we know one, its remedy."""
    return f"{error.message} {error.remedy}" if error.remedy else error.message


def tell_refusal(request: HttpRequest, error: DomainError) -> None:
    """Show the refusal on the page that comes next."""
    messages.error(request, words_of(error))


def put_into(form: forms.Form, error: DomainError) -> None:
    """Show the refusal at the fields that it is about, and above the form where there are none."""
    at_fields = {name: texts for name, texts in error.fields.items() if name in form.fields}
    for name, texts in at_fields.items():
        form.add_error(name, texts)
    if not at_fields:
        form.add_error(None, words_of(error))
