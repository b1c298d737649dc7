"""A real Chromium before the running program: pages for each reader, with nothing to complain of."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tapestry.environment import parse_environment
from tests.design.browser import CHROMIUM, chromium
from tests.stack.conftest import FIGURES
from tests.stack.running import Running
from tests.stack.site.places import Places, Readers
from tests.stack.site.watching import Watcher


def pytest_itemcollected(item: pytest.Item) -> None:
    """Everything here needs the whole program and a browser; without one it is skipped for all to see."""
    if Path(__file__).parent in item.path.parents:
        item.add_marker(pytest.mark.stack)
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.skipif(not CHROMIUM.is_file(), reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Iterator[Running]:
    """The shared copy; or, for who writes a page, the one that TAPESTRY_TEST_SITE (var:port) names."""
    if not (attached := os.environ.get("TAPESTRY_TEST_SITE")):
        shared: Running = request.getfixturevalue("running")
        shared.until(lambda: shared.round_state(1) == "closed", 240, "the first round is closed")
        yield shared
        return
    var, _, port = attached.rpartition(":")
    own = Running(Path(var))
    own.port, own.url = int(port), f"http://127.0.0.1:{port}"
    request.config.stash[FIGURES] = own.figures
    own.environment = parse_environment(var=own.var, port=own.port, database_url_given="", redis_url_given="")
    yield own
    own.wait_for_beside()


@pytest.fixture(scope="module")
def browser(site: Running) -> Iterator[Browser]:
    """One Chromium for a module: its driver runs an event loop, over which other Django tests would trip."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def sessions() -> dict[str, dict]:
    """Cookies of the people who have signed in so far."""
    return {}


@pytest.fixture(scope="module")
def readers(browser: Browser, site: Running, sessions: dict[str, dict]) -> Readers:
    return Readers(browser, site, sessions)


@pytest.fixture(scope="module")
def places(site: Running, readers: Readers) -> Places:
    return Places(site, readers)


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """Hears what the browser complains of; anything said by the end of the test fails it."""
    heard = Watcher()
    yield heard
    assert heard.complaints == []


@pytest.fixture
def visit(readers: Readers, watcher: Watcher) -> Iterator[Callable[..., Page]]:
    """Open a path as a reader, in a window of its own. Forms on it may answer with ``later``."""
    contexts = []

    def opened(path: str, reader: str = "", *, expect: int = 200, later: int = 0, **options: object) -> Page:
        contexts.append(readers.context(reader, **options))
        return led_to(path, contexts[-1].new_page(), watcher, expect=expect, later=later)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def desks(readers: Readers) -> Iterator[Callable[..., BrowserContext]]:
    """One window for each reader and its options, which keeps what pages share: styles, scripts, fonts."""
    known: dict[tuple[object, ...], BrowserContext] = {}

    def desk_of(reader: str, **options: object) -> BrowserContext:
        key = (reader, *sorted(options.items()))
        if key not in known:
            known[key] = readers.context(reader, **options)
        return known[key]

    yield desk_of
    for context in known.values():
        context.close()


@pytest.fixture
def look_at(desks: Callable[..., BrowserContext], watcher: Watcher) -> Iterator[Callable[..., Page]]:
    """Open a path as a reader who only reads, beside what this reader looked at before."""
    pages: list[Page] = []

    def opened(path: str, reader: str = "", *, expect: int = 200, **options: object) -> Page:
        pages.append(desks(reader, **options).new_page())
        return led_to(path, pages[-1], watcher, expect=expect)

    yield opened
    for page in pages:
        page.close()


def led_to(path: str, page: Page, watcher: Watcher, *, expect: int, later: int = 0) -> Page:
    """The page, where ``path`` leads, watched, with the status that was expected."""
    watcher.listen(page, {expect, later})
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == expect
    return page
