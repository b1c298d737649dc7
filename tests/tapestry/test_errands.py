"""An errand has an end of its own; one that a dead database threw off its way is begun again."""

import time
from pathlib import Path

import pytest

from tapestry.embedded.process import Child, Command

pytestmark = pytest.mark.stack
FAILS_ONCE = 'test -e "$0" || { touch "$0"; exit 1; }'


def test_an_errand_that_failed_is_tried_again_until_it_ends_well(tmp_path: Path) -> None:
    lines: list[str] = []
    command = Command(name="errand", argv=["sh", "-c", FAILS_ONCE, str(tmp_path / "been")], once=True)
    child = Child(command, var=tmp_path / "var", announce=lines.append)
    child.start()
    deadline = time.monotonic() + 15
    while len(lines) < 3 and time.monotonic() < deadline:
        child.watch()
        time.sleep(0.05)
    assert lines[0].startswith("errand ended (exit code 1); again in")
    assert "running again" in lines[1]
    assert lines[2].startswith("errand ended (exit code 0)")
