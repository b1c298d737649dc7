"""The specimen page in a real browser, under the site's own content security policy."""

from pathlib import Path

import pytest

from tests.design.browser import CHROMIUM, chromium, serve

AXE = (Path(__file__).parents[1] / "vendor/axe-core/4.14.1/axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TELL = "found => found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html + n.failureSummary)}`)"
WIDE = 640
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.is_file(), reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def site(render_specimen):
    pages = {"/": render_specimen(), "/ar/": render_specimen("ar")}
    with serve(pages) as address:
        yield address


@pytest.fixture
def open_page(browser, site):
    complaints = []

    def opened(path="/", *, theme="light", width=1280, bypass_csp=False):
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=bypass_csp
        )
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        if width >= WIDE:  # a phone shows the list instead of the drawing
            page.wait_for_selector("lineage-graph .lineage-view")
        page.wait_for_selector("metric-chart canvas")
        return page

    yield opened
    assert complaints == []


@pytest.mark.parametrize("path", ["/", "/ar/"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_about(open_page, theme, path):
    page = open_page(path, theme=theme, bypass_csp=True)  # axe measures with inline styles of its own
    page.evaluate(AXE)
    assert page.evaluate(f"rules => axe.run(rules).then({TELL})", RULES) == []


@pytest.mark.parametrize("path", ["/", "/ar/"])
def test_nothing_sticks_out_of_a_small_phone(open_page, path):
    page = open_page(path, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_chosen_theme_is_kept_before_the_next_paint(open_page):
    page = open_page()
    page.select_option("[data-theme-switch]", "dark")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(18, 22, 29)"


def test_arrow_keys_walk_along_the_threads(open_page):
    page = open_page()
    page.focus('.lineage-view [data-id="d3"]')
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.id") == "c2"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.id") == "b6"


def test_copying_a_digest_is_said_and_not_only_shown(open_page):
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-copy] >> nth=0")
    page.locator("#announcer", has_text="Copied").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == page.get_attribute(
        "[data-copy] >> nth=0", "data-copy"
    )


def test_a_phone_shows_the_list_open_instead_of_a_drawing_that_it_cannot_hold(open_page):
    page = open_page(width=390)
    assert page.locator("lineage-graph > ul > li[data-node]").count() == 7
    assert page.locator(".lineage-view").count() == 0


def test_the_section_one_is_in_is_in_view_on_a_phone(open_page):
    page = open_page("/ar/", width=320)
    here = page.locator(".nav-list [aria-current]").bounding_box()
    assert here["x"] >= 0
    assert here["x"] + here["width"] <= 320


def test_the_list_and_the_table_stay_for_those_who_do_not_see_the_drawings(open_page):
    page = open_page()
    assert page.locator("lineage-graph details li[data-node]").count() == 7
    assert page.locator("metric-chart details tbody tr").count() == 30
