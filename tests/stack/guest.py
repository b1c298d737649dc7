"""A third node of the program that a test starts itself: the demonstration's one that rests.

Where the kernel lets us, it lives in a network namespace of its own that leads to one address outside, and
its home is a small disk of its own.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psutil

from tests.stack.program import ROOT
from tests.stack.relay import Relay
from tests.stack.running import Running
from training.node.home import NodeHome
from training.node.jobs.journal import Journal

SLUG: Final = "sahel-dakar"
DISK: Final = 420 << 20  # bytes; a node wants 256 MiB to be free, and what the job needs
OUTSIDE, INSIDE = "10.203.77.1", "10.203.77.2"
RUN: Final = "import sys; from training.node.cli import main; sys.exit(main())"
_numbers = itertools.count(os.getpid() % 10_000 * 10)


def _did(*command: str) -> bool:
    """Run a command of the system; whether it is here and did what it was asked."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class Guest:
    """The node's home, its line to the coordinator, and its process while it runs."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.home = NodeHome(running.var / "resting" / SLUG)
        self.log = running.var / "log" / "guest.log"
        self.namespace = self._namespace()
        self.has_disk = self._disk()
        self.relay = Relay(running.port, OUTSIDE if self.namespace else "127.0.0.1")
        self.relay.start()
        with (self.home.folder / "node.toml").open("a") as file:
            file.write(f'proxy = "http://{self.relay.host}:{self.relay.port}"\n')
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **surroundings: str) -> None:
        """Run the node, with these variables besides its usual ones."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._prefix, sys.executable, "-c", RUN, "run", "--home", str(self.home.folder)],
                env=self._surroundings | surroundings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        """End the node as its machine does when it is switched off, if it runs."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def status(self, **surroundings: str) -> dict[str, Any]:
        """What ``tapestry-node status`` says."""
        command = [*self._prefix, sys.executable, "-c", RUN, "status", "--json"]
        told = subprocess.run(
            [*command, "--home", str(self.home.folder)],
            env=self._surroundings | surroundings,
            capture_output=True,
            check=False,
        )
        return dict(json.loads(told.stdout))

    def said(self) -> str:
        """What the node has written on its terminal so far."""
        return self.log.read_text("utf-8") if self.log.exists() else ""

    def journal(self, number: int) -> Journal | None:
        """Its journal of the training in a round; None before it has one."""
        rows = self.running.rows(
            "SELECT job.id::text FROM training_job job JOIN training_node node ON node.id = job.node_id"
            " JOIN training_round round ON round.id = job.round_id"
            " WHERE node.slug = %s AND round.number = %s AND job.kind = 'contributed-cpt'",
            SLUG,
            number,
        )
        return Journal.read(self.home.jobs / rows[0][0]) if rows else None

    def listening(self) -> list[str]:
        """Every TCP address on which anything listens where the node lives, as the kernel writes it."""
        assert self.process is not None
        tables = [Path(f"/proc/{self.process.pid}/net/{name}") for name in ("tcp", "tcp6")]
        lines = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
        return [line[1] for line in lines if line[3] == "0A"]

    def leave(self) -> None:
        """End everything, and give back what was taken from the system."""
        if self.process is not None:
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
            self.process.kill()
            self.process.wait()
        self.relay.stop()
        if self.namespace:
            _did("ip", "netns", "delete", self.namespace)
            _did("ip", "link", "delete", f"{self.namespace}o")
        if self.has_disk:
            _did("umount", "--lazy", str(self.home.folder))

    @property
    def _prefix(self) -> list[str]:
        return ["ip", "netns", "exec", self.namespace] if self.namespace else []

    @property
    def _surroundings(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "OMP_NUM_THREADS": "1",
        }

    @staticmethod
    def _namespace() -> str:
        """Make a namespace with a line to one address outside and no route to any other; empty: not here."""
        name = f"tt{next(_numbers)}"
        if not _did("ip", "netns", "add", name):
            return ""
        inside = ("ip", "-n", name)
        steps = [
            ("ip", "link", "add", f"{name}o", "type", "veth", "peer", "name", f"{name}i", "netns", name),
            ("ip", "address", "add", f"{OUTSIDE}/30", "dev", f"{name}o"),
            ("ip", "link", "set", f"{name}o", "up"),
            (*inside, "address", "add", f"{INSIDE}/30", "dev", f"{name}i"),
            (*inside, "link", "set", f"{name}i", "up"),
            (*inside, "link", "set", "lo", "up"),
        ]
        if all(_did(*step) for step in steps):
            return name
        _did("ip", "netns", "delete", name)
        return ""

    def _disk(self) -> bool:
        """Put the home on a small disk of its own, with what lies in it; False where we may not mount."""
        folder, kept = self.home.folder, self.home.folder.with_name("kept")
        shutil.copytree(folder, kept)
        mounted = _did("mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", str(folder))
        if mounted:
            shutil.copytree(kept, folder, dirs_exist_ok=True)
        shutil.rmtree(kept)
        return mounted
