"""Every page for every reader: its links lead somewhere, and the browser has nothing to complain of."""

from urllib.parse import urldefrag, urljoin

import pytest

from tests.stack.site.routes import EXAMPLES

pytestmark = pytest.mark.endurance

READERS = sorted({reader for examples in EXAMPLES.values() for each in examples for reader in each.readers})
LINKS = """() => [...document.querySelectorAll("a[href], link[href], form[method=get]")]
  .map(each => each.href || each.action)"""


def links_of(page, address, site):
    for link in page.evaluate(LINKS):
        whole = urldefrag(urljoin(address, link)).url
        if whole.startswith(site.url + "/") and whole != address:  # an anchor on a page that may refuse us
            yield whole


def dead_links(page, site, places, reader, watcher):
    """Visit each example of this reader, gather the links, then ask for each once."""
    seen, expected = {}, set()
    watcher.listen(page, expected)
    for example in (each for all_ in EXAMPLES.values() for each in all_ if reader in each.readers):
        address = site.url + example.path.format_map(places)
        expected |= {example.status}
        page.goto(address)
        for link in links_of(page, address, site):
            seen.setdefault(link, address)
        expected -= {example.status}
    for link, source in sorted(seen.items()):
        status = page.context.request.get(link, max_redirects=5).status
        if status >= 400:
            yield f"{status} {link} on {source}"


@pytest.mark.parametrize("reader", READERS)
def test_no_link_is_dead(readers, site, places, watcher, reader):
    context = readers.context(reader)
    assert list(dead_links(context.new_page(), site, places, reader, watcher)) == []
    context.close()
