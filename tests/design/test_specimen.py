import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from tests.design.specimen import SpecimenForm

TEMPLATES = settings.ROOT / "templates"
COMPONENTS = sorted(TEMPLATES.glob("components/**/*.html"))


class Outline(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.ids, self.attributes, self.headings = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.attributes += [name for name, _ in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def test_the_specimen_shows_every_component(render_specimen):
    page = render_specimen()
    for mark in (
        "tier-badge",
        "status-tag",
        "summary-row",
        "timeline",
        "task-list",
        "facet-values",
        "pagination",
    ):
        assert f'class="{mark}' in page
    for element in (
        "<lineage-graph",
        "<metric-chart",
        "<progress",
        "<details",
        'class="error-summary',
        'class="empty',
    ):
        assert element in page


def test_no_component_carries_a_style_or_a_handler_that_our_policy_refuses(render_specimen):
    attributes = set(Outline(render_specimen()).attributes)
    assert not {name for name in attributes if name == "style" or name.startswith("on")}


def test_ids_are_given_once_and_headings_skip_no_level(render_specimen):
    outline = Outline(render_specimen())
    assert len(outline.ids) == len(set(outline.ids))
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(following - heading <= 1 for heading, following in steps)


def test_an_arabic_page_runs_from_right_to_left(render_specimen):
    assert '<html lang="ar" dir="rtl">' in render_specimen("ar")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_each_component_says_what_it_needs(component):
    assert re.match(r"\{% comment %\}(Inputs|No inputs|Slots)", component.read_text())


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_stand_without_any_context(code):
    page = render_to_string(f"{code}.html")
    assert f'<p class="kicker">{code[:3]}</p>' in page
    assert "Nothing" in page or "nothing" in page


@pytest.mark.urls("allauth.urls")
@pytest.mark.parametrize(
    "name", ["login", "logout", "password_reset", "password_reset_done", "signup_closed"]
)
def test_account_pages_stand_in_the_frame_of_the_site(name):
    page = render_to_string(f"account/{name}.html", {"form": SpecimenForm()})
    assert page.count("<h1>") == 1
    assert 'class="masthead"' in page


def test_a_field_in_error_is_tied_to_its_message(render_specimen):
    page = render_specimen()
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'id="id_title_error"' in page
    assert 'href="#id_title"' in page
