"""Two copies with different ports and folders know nothing of each other; of one folder there is one copy."""

import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.stack.program import MANAGE, object_in
from tests.stack.running import Running

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def second(running):
    with TemporaryDirectory(prefix="t-", dir=os.environ.get("TMPDIR")) as folder:
        stack = Running(Path(folder) / "var", "--no-nodes", "--no-round")
        try:
            stack.start()
            yield stack
        finally:
            code = stack.stop()
        assert code == 0


def test_two_copies_run_side_by_side(running, second):
    assert object_in(running.get("/readyz"))["ready"]
    assert object_in(second.get("/readyz"))["ready"]
    assert running.password != second.password


def test_each_has_an_identity_and_a_history_of_its_own(running, second):
    documents = [object_in(stack.get("/.well-known/did.json")) for stack in (running, second)]
    assert documents[0]["verificationMethod"] != documents[1]["verificationMethod"]
    assert second.rows("SELECT count(*) FROM training_round") == [(0,)]


def test_a_second_start_on_the_same_folder_is_refused(running):
    again = subprocess.run(
        [*MANAGE, "up"], env=running.surroundings, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert re.search(r"in use by process \d+", again.stderr)
