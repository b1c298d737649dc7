"""`manage.py up` as its user starts it, and what a test may see of it and do to it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psutil
import psycopg

from tapestry.embedded.pidfile import PidFile
from tapestry.environment import parse_environment

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
READY_SECONDS = 180.0
Found = TypeVar("Found")


class Program:
    """One copy of the program in a folder of its own, with the processes, rows and lines that it leaves."""

    def __init__(self, var: Path, *switches: str) -> None:
        self.var, self.port, self.switches = var, free_port(), switches
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = parse_environment(
            var=var, port=self.port, database_url_given="", redis_url_given=""
        )
        self.variables: dict[str, str] = {}
        self.figures: dict[str, float] = {}
        self.first_answer: datetime | None = None
        self._terminal = var.with_name(f"{var.name}-terminal.txt")
        self._up: subprocess.Popen[str] | None = None
        self._beside: list[subprocess.Popen[bytes]] = []

    # -- its life

    def start(self) -> float:
        """Start `up`, wait until it says that it is ready, and return the seconds that this took."""
        begin, said = time.monotonic(), len(self.said("is ready"))
        with self._terminal.open("a") as terminal:
            self._up = subprocess.Popen(
                [*MANAGE, "up", *self.switches],
                env=self.surroundings,
                stdout=terminal,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self.until(lambda: len(self.said("is ready")) > said, READY_SECONDS, "up says that it is ready")
        assert self.get("/readyz").status == 200
        self.first_answer = self.first_answer or datetime.now(UTC)
        return time.monotonic() - begin

    def stop(self) -> int:
        """Ask it to end, as a service manager does, and return its exit code."""
        assert self._up is not None
        self._up.send_signal(signal.SIGTERM)
        code = self._up.wait(90)
        self.wait_for_beside()
        return code

    def kill(self) -> list[psutil.Process]:
        """Kill -9 `up` itself; return the processes that it had started, and theirs."""
        assert self._up is not None
        family = psutil.Process(self._up.pid).children(recursive=True)
        self._up.kill()
        self._up.wait()
        return family

    @property
    def family(self) -> list[psutil.Process]:
        """Every process below `up`."""
        return psutil.Process(self._up.pid).children(recursive=True) if self._up else []

    @property
    def password(self) -> str:
        """The demonstration accounts' password, as the terminal shows it."""
        return self.said("Their password on this installation: ")[-1].rpartition(" ")[2]

    # -- what it shows

    @property
    def lines(self) -> list[str]:
        """What stands on the terminal, over all starts."""
        return self._terminal.read_text("utf-8").splitlines() if self._terminal.exists() else []

    def said(self, words: str) -> list[str]:
        """The lines of the terminal that hold these words."""
        return [line for line in self.lines if words in line]

    def get(self, path: str) -> Any:
        """The answer to GET; its body is at `.body`, whatever the status."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as answer:
                answer.body = answer.read()
                return answer
        except urllib.error.HTTPError as error:
            with error:
                error.body = error.read()
                return error

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read its database; a connection each time, because tests kill the other end."""
        url, options = self.environment.database_url, "-c default_transaction_read_only=on"
        with psycopg.connect(url, autocommit=True, connect_timeout=5, options=options) as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def kept(self, *locks: str) -> Iterator[None]:
        """Hold what these statements lock, in a transaction of the test's own."""
        with psycopg.connect(self.environment.database_url) as keeper:
            for lock in locks:
                keeper.execute(lock)
            yield

    # -- its parts

    def process(self, part: str) -> psutil.Process:
        """The process of one part (`web`, `worker`, `node-<slug>` …), by its pid file."""
        found = PidFile(self.var / "run" / f"{part}.pid").process()
        assert found is not None, f"{part} does not run\n{self.story}"
        return found

    def kill_part(self, part: str, *, whole: bool = False) -> list[psutil.Process]:
        """Kill -9 a part, alone or with all that it started at once; return what it had started."""
        parent = self.process(part)
        children = parent.children(recursive=True)
        parent.kill()
        for child in children if whole else []:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        return children

    def returned(self, part: str) -> int:
        """How often `up` has told that a part is running again."""
        return len(self.said(f"{part} is running again"))

    def manage(self, *arguments: str) -> str:
        """Run a management command beside it and return what it printed."""
        done = subprocess.run(
            [*MANAGE, *arguments], env=self.surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def run_beside(self, log: str, *arguments: str) -> None:
        """Start a management command that goes on beside the test; what it says lands in that log."""
        with (self.var / "log" / log).open("a") as file:
            command = [*MANAGE, *arguments]
            self._beside.append(subprocess.Popen(command, env=self.surroundings, stdout=file, stderr=file))

    def wait_for_beside(self) -> None:
        """Wait until every command beside has ended."""
        for command in self._beside:
            command.wait(30)

    # -- waiting

    def until(self, condition: Callable[[], Found], seconds: float, what: str) -> Found:
        """Look until the condition holds and return what it gave; a dead database only says: not yet."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(psycopg.OperationalError):
                if found := condition():
                    return found
            assert self._up is None or self._up.poll() is None, f"up has ended\n{self.story}"
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}\n{self.story}"
            time.sleep(0.1)

    def note(self, what: str, since: float) -> None:
        """Keep the seconds since then, to be shown when all tests have run."""
        self.figures[what] = time.monotonic() - since

    @property
    def story(self) -> str:
        """What a failed wait needs to be understood: the terminal and each log's end."""
        logs = [path for path in sorted((self.var / "log").glob("*.log")) if path.stat().st_size]
        ends = [f"== {path.name}\n{path.read_text('utf-8', 'replace')[-1500:]}" for path in logs]
        return "\n".join([*self.lines[-12:], *ends])

    @property
    def surroundings(self) -> dict[str, str]:
        """The variables that the program sees: where it is, and what a test sets; nothing else of ours."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {**kept, "TAPESTRY_VAR": str(self.var), "TAPESTRY_PORT": str(self.port), **self.variables}


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def object_in(answer: Any) -> dict[str, Any]:
    """The JSON object of an answer."""
    return dict(json.loads(answer.body))
