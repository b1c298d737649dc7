"""Pid files that recognise their process: a number alone may have been given to a stranger since."""

import json
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ORPHAN_SECONDS = 8.0


@dataclass(frozen=True)
class PidFile:
    """`{"pid": int, "started": float}`: the process id and the kernel's start time of that process."""

    path: Path

    def write(self, pid: int) -> None:
        """Remember a child that was just started."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(psutil.NoSuchProcess):
            self.path.write_text(
                json.dumps({"pid": pid, "started": psutil.Process(pid).create_time()}), "ascii"
            )

    def process(self) -> psutil.Process | None:
        """The remembered process, if it still is the one that was started."""
        try:
            known = json.loads(self.path.read_text("ascii"))
            process = psutil.Process(int(known["pid"]))
            same = abs(process.create_time() - float(known["started"])) < 1.0
        except (OSError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
            return None
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None

    def remove(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)

    @staticmethod
    def kill_group(pid: int) -> None:
        """Kill what is left of a child's process group; the group carries the child's id."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def end_orphans(run_folder: Path) -> list[str]:
    """End what a killed supervisor left behind in this var folder: all parts at once, in bounded time.

    Call it only while holding the folder's lock: then none of these processes has an owner.

    Returns:
        The names of the parts that were still running.
    """
    files = sorted(run_folder.glob("*.pid"), key=lambda path: path.stat().st_mtime, reverse=True)
    orphans = {file.stem: process for file in files if (process := PidFile(file).process())}
    for name, process in orphans.items():
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT if name == "postgresql" else signal.SIGTERM)
    psutil.wait_procs(list(orphans.values()), timeout=ORPHAN_SECONDS)
    for process in orphans.values():
        PidFile.kill_group(process.pid)
    for file in files:
        file.unlink(missing_ok=True)
    return list(orphans)
