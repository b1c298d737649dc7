"""One copy of the whole program for all tests of this folder: its start and first round are the long part."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tests.stack.running import Running

FIGURES = pytest.StashKey[dict[str, float]]()


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    """`make run` on an empty folder, ready; ended by SIGTERM, with exit code 0 and nothing left behind."""
    with TemporaryDirectory(prefix="t-", dir=os.environ.get("TMPDIR")) as folder:
        stack = Running(Path(folder) / "var")
        request.config.stash[FIGURES] = stack.figures
        try:
            stack.figures["up on an empty folder, until ready"] = stack.start()
            yield stack
        finally:
            family = stack.family
            code = stack.stop()
        assert code == 0, stack.story
        assert psutil.wait_procs(family, timeout=5)[1] == []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what changes the shared copy for good be last, however the others were shuffled."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show how long the starts, rounds and recoveries took."""
    figures = config.stash.get(FIGURES, {})
    if figures:
        terminalreporter.section("the whole program, in seconds")
    for what, seconds in figures.items():
        terminalreporter.line(f"{seconds:7.1f}  {what}")
