"""Every link on every page leads somewhere."""

from urllib.parse import urldefrag, urljoin

from tests.stack.site.places import MAINTAINER, STEWARD
from tests.stack.site.routes import EXAMPLES

LINKS = """() => [...document.querySelectorAll("a[href], link[href], form[method=get]")]
  .map(each => each.href || each.action)"""


def links_of(page, address, site):
    page.goto(address)
    for link in page.evaluate(LINKS):
        whole = urldefrag(urljoin(address, link)).url
        if whole.startswith(site.url + "/") and whole != address:  # an anchor on a page that may refuse us
            yield whole


def dead_links(context, site, places, reader):
    """Visit each example of this reader, gather the links, then ask for each once."""
    page, seen = context.new_page(), {}
    for example in (each for all_ in EXAMPLES.values() for each in all_ if reader in each.readers):
        address = site.url + example.path.format_map(places)
        for link in links_of(page, address, site):
            seen.setdefault(link, address)
    for link, source in sorted(seen.items()):
        status = context.request.get(link, max_redirects=5).status
        if status >= 400:
            yield f"{status} {link} on {source}"


def test_no_link_of_a_stranger_is_dead(readers, site, places):
    assert list(dead_links(readers.context(), site, places, "")) == []


def test_no_link_of_a_steward_is_dead(readers, site, places):
    assert list(dead_links(readers.context(STEWARD), site, places, STEWARD)) == []


def test_no_link_of_a_maintainer_is_dead(readers, site, places):
    assert list(dead_links(readers.context(MAINTAINER), site, places, MAINTAINER)) == []
