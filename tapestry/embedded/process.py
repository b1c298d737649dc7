"""A child process with a log, a pid file, a bounded end, and no life of its own after its parent's."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tapestry.embedded.pidfile import PidFile

PR_SET_PDEATHSIG = 1
LOG_BYTES = 5_000_000
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before a dead child is started again
CALM_AFTER = 10.0  # seconds of life that make a child's earlier deaths forgotten

Announce = Callable[[str], None]
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ChildFailed(Exception):  # noqa: N818 - named for what is the case
    """A child ended before it was of use; the text says where its log is and shows the last lines."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user that a child runs as when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """What to start, and how it likes to be ended."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM  # from the kernel, when the supervisor itself is gone
    stop_seconds: float = 10.0
    before_start: Callable[[], None] = lambda: None
    once: bool = False  # has an end of its own: having ended well, it is not started again
    hidden: frozenset[str] = frozenset()  # variables of ours that it has no business to see


class Child:
    """One supervised process. It dies with the thread that starts it (PR_SET_PDEATHSIG)."""

    def __init__(self, command: Command, *, var: Path, announce: Announce) -> None:
        self.command = command
        self.name = command.name
        self.log = var / "log" / f"{command.name}.log"
        self.pid_file = PidFile(var / "run" / f"{command.name}.pid")
        self._announce = announce
        self._process: subprocess.Popen[bytes] | None = None
        self._wait = FIRST_WAIT
        self._started = 0.0
        self._start_again_at: float | None = None
        self._asked = False

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self.alive and self._process else None

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches the supervisor alone."""
        self.command.before_start()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _turn_over(self.log)
        account = self.command.account
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                process_group=0,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=self._die_with_parent,  # noqa: PLW1509 - one system call, no lock that a thread could hold
            )
        self.pid_file.write(self._process.pid)
        self._started = time.monotonic()
        self._start_again_at = None
        self._asked = False

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in self.command.hidden}
        return {**inherited, **self.command.environment}

    def _die_with_parent(self) -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(self.command.orphan_signal))

    def watch(self) -> None:
        """One look: a child that died is started again after a wait that doubles up to half a minute."""
        if self._process is None or self.alive:
            return
        now = time.monotonic()
        if self.command.once and self._process.returncode == 0:
            self._announce(f"{self.name} ended ({self.ending}). See {self.log}")
            self.stop()
        elif self._start_again_at is None:
            self.pid_file.kill_group(self._process.pid)  # what it left would hold its port or its memory
            self._wait = FIRST_WAIT if now - self._started > CALM_AFTER else self._wait
            self._start_again_at = now + self._wait
            self._announce(f"{self.name} ended ({self.ending}); again in {self._wait:.0f} s. See {self.log}")
            self._wait = min(self._wait * 2, LONGEST_WAIT)
        elif now >= self._start_again_at:
            self.start()
            self._announce(f"{self.name} is running again (process {self.pid})")

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        code = self._process.returncode if self._process else None
        if code is None:
            return "not ended"
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def ask_to_stop(self) -> None:
        """Send the signal without waiting, so that several children can end at the same time."""
        if self._process is not None and self.alive and not self._asked:
            self._asked = True
            self._process.send_signal(self.command.stop_signal)

    def stop(self) -> None:
        """Ask, wait a bounded time, then kill the whole group."""
        self.ask_to_stop()
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            try:
                process.wait(self.command.stop_seconds)
            except subprocess.TimeoutExpired:
                self._announce(f"{self.name} did not end in {self.command.stop_seconds:.0f} s; killing it")
        self.pid_file.kill_group(process.pid)
        process.wait()
        self.pid_file.remove()

    def require_alive(self) -> None:
        """Raises ChildFailed with the end of the log, when the child is gone."""
        if not self.alive:
            lines = (
                self.log.read_text("utf-8", errors="replace").splitlines()[-12:] if self.log.exists() else []
            )
            raise ChildFailed("\n".join([f"{self.name} ended ({self.ending}). End of {self.log}:", *lines]))

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Poll `ready` until it holds.

        Raises:
            ChildFailed: the child ended, or the time ran out.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self.require_alive()
            if time.monotonic() > deadline:
                raise ChildFailed(f"{self.name} was not ready after {seconds:.0f} s. See {self.log}")
            time.sleep(0.05)


def _turn_over(log: Path) -> None:
    """Keep one older log: enough to see what led to a restart, never a full disk."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
