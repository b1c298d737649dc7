from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tests.design.specimen import specimen_context


@pytest.fixture
def render_specimen() -> Callable[[str], str]:
    """Renders the page with every component, in a language."""

    def render(language: str = "en") -> str:
        request = RequestFactory().get("/datasets/mekong/")
        request.user = AnonymousUser()
        with translation.override(language):
            return render_to_string("design/specimen.html", specimen_context(), request=request)

    return render
