"""Each page: readable for all, and whole on a small phone."""

from pathlib import Path

import pytest

from tests.stack.site.places import MAINTAINER
from tests.stack.site.routes import EXAMPLES, NO_PAGES, page_routes

AXE = (Path(__file__).parents[2] / "vendor/axe-core/4.14.1/axe.min.js").read_text()
EVERY_RULE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
PLACES = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}
LOOKS = ((1280, "light", EVERY_RULE), (390, "light", PLACES), (390, "dark", COLOURS))
TELL = "found => found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html + n.failureSummary)}`)"
# Swagger's own page: we serve it as it comes, and only its frame is ours.
FOREIGN = {"api-docs"}
OURS = sorted(set(page_routes()) - FOREIGN)
MIRRORED = ["/", "/datasets/", "/datasets/{own_dataset}/", "/rounds/{round}/", "/checkpoints/{checkpoint}/"]
SHAPE = """() => ({
  h1: document.querySelectorAll("h1").length,
  titled: document.title.split(" · ")[0].trim().length > 0,
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  width: document.documentElement.scrollWidth,
})"""
PROPER = {"h1": 1, "titled": True, "lang": "en", "dir": "ltr", "width": 320}


def in_every_look(page):
    """Wide by every rule, narrow by those that ask how much room there is, dark by the one about colours."""
    page.evaluate(AXE)
    for width, theme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        for complaint in page.evaluate(f"rules => axe.run(rules).then({TELL})", rules):
            yield f"{page.url} ({width}, {theme}) {complaint}"


def test_every_page_of_the_url_table_has_an_example():
    assert sorted(EXAMPLES) == page_routes()
    assert not set(EXAMPLES) & set(NO_PAGES)


@pytest.mark.parametrize("route", OURS)
def test_everybody_can_read_it_in_every_look_and_on_a_small_phone(look_at, places, route):
    found = []
    for example in EXAMPLES[route]:
        # The last of the readers sees the most on it. Axe measures with inline styles of its own.
        path, reader = example.path.format_map(places), example.readers[-1]
        page = look_at(path, reader, expect=example.status, bypass_csp=True)
        found += in_every_look(page)
        page.set_viewport_size({"width": 320, "height": 900})
        if (shape := page.evaluate(SHAPE)) != PROPER:
            found.append(f"{page.url} {shape}")
    assert found == []


@pytest.mark.parametrize("path", MIRRORED)
@pytest.mark.parametrize("reader", ["", MAINTAINER])
def test_it_can_be_read_from_right_to_left(look_at, places, path, reader):
    page = look_at(path.format_map(places), reader, language="ar", bypass_csp=True)
    assert page.evaluate(SHAPE)["dir"] == "rtl"
    assert list(in_every_look(page)) == []


@pytest.mark.parametrize("path", MIRRORED)
def test_it_fits_a_small_phone_from_right_to_left(look_at, places, path):
    page = look_at(path.format_map(places), language="ar", width=320)
    assert page.evaluate(SHAPE)["width"] == 320


def test_the_description_of_the_api_opens(look_at):
    page = look_at("/api/v1/docs/")
    page.wait_for_selector(".opblock")
