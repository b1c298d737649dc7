"""A node that is killed -9 just before, or just after, it writes down that a step was reached.

``python -m tests.training.node.dying HOME JOB STEP before|after``
"""

import os
import signal
import sys
from pathlib import Path

from training.node.home import NodeHome
from training.node.jobs import journal
from training.node.jobs.execution import take_on

write_whole = journal.write_whole


def die_at(step: str, moment: str) -> None:
    """Let the journal's own way to the disk end in a kill at that step."""

    def write(path: Path, text: str) -> None:
        reached = path.name == journal.FILE and f'"step": "{step}"' in text
        if reached and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        write_whole(path, text)
        if reached:
            os.kill(os.getpid(), signal.SIGKILL)

    journal.write_whole = write


if __name__ == "__main__":
    folder, job, step, moment = sys.argv[1:]
    home = NodeHome(Path(folder))
    die_at(step, moment)
    take_on(home, journal.Journal.begin(home.jobs / job, job))
