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
from typing import Any, NamedTuple, TypeVar

import psutil
import psycopg

from tapestry.embedded.pidfile import PidFile
from tapestry.environment import parse_environment

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
READY_SECONDS = 180.0
ROUND_SECONDS = 150.0
Found = TypeVar("Found")


class JobRow(NamedTuple):
    """A job as the database knows it; `contributions` are the states of what it gave."""

    node: str
    kind: str
    state: str
    attempt: int
    phase: str
    reason_code: str
    contributions: list[str]


JOBS = """
SELECT node.slug, job.kind, job.state, job.attempt, job.phase, job.reason_code,
       ARRAY(SELECT state::text FROM training_contribution WHERE job_id = job.id)
FROM training_job job JOIN training_node node ON node.id = job.node_id
                      JOIN training_round round ON round.id = job.round_id
WHERE round.number = %s AND job.kind = %s ORDER BY node.slug
"""


class Running:
    """One copy of the program in a folder of its own, with the processes, rows and lines that it leaves."""

    def __init__(self, var: Path, *switches: str) -> None:
        self.var, self.port, self.switches = var, free_port(), switches
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = parse_environment(
            var=var, port=self.port, database_url_given="", redis_url_given=""
        )
        self.figures: dict[str, float] = {}
        self.first_answer: datetime | None = None
        self._terminal = var.with_name(f"{var.name}-terminal.txt")
        self._up: subprocess.Popen[str] | None = None
        self._players: list[subprocess.Popen[bytes]] = []

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
        for player in self._players:
            player.wait(30)
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

    def jobs(self, number: int, kind: str = "contributed-cpt") -> list[JobRow]:
        """The jobs of one kind in the round with this number, by node."""
        return [JobRow(*row) for row in self.rows(JOBS, number, kind)]

    def round_state(self, number: int) -> str:
        """Where the round stands; empty before it is there."""
        found = self.rows("SELECT state FROM training_round WHERE number = %s", number)
        return found[0][0] if found else ""

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

    # -- rounds

    def manage(self, *arguments: str) -> str:
        """Run a management command beside it and return what it printed."""
        done = subprocess.run(
            [*MANAGE, *arguments], env=self.surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def act(self, name: str, *given: Any) -> Any:
        """Have people do something: call a function of `tests.stack.acting`, and return what it returned."""
        code = f"from tests.stack.acting import act; act(*{(name, *given)!r})"
        return json.loads(self.manage("shell", "--no-imports", "-c", code))

    def decide(self) -> None:
        """Have the maintainers of the open round played in the background from now on."""
        with (self.var / "log" / "deciding.log").open("a") as log:
            player = [*MANAGE, "play_round"]
            self._players.append(subprocess.Popen(player, env=self.surroundings, stdout=log, stderr=log))

    def play_round(self, *, steps: int) -> int:
        """Open the next round, with its maintainers played in the background; return its number."""
        self.no_round_runs()
        number = self.rows("SELECT max(number) FROM training_round")[0][0] + 1
        with (self.var / "log" / f"round-{number}.log").open("w") as log:
            player = [*MANAGE, "play_round", "--steps", str(steps)]
            self._players.append(subprocess.Popen(player, env=self.surroundings, stdout=log, stderr=log))
        self.until(lambda: self.round_state(number), READY_SECONDS, f"round {number} is open")
        return number

    def no_round_runs(self) -> None:
        """Wait until the first round was played and no other is open."""
        self.until(
            lambda: {state for (state,) in self.rows("SELECT state FROM training_round")} == {"closed"},
            ROUND_SECONDS,
            "all rounds are closed",
        )

    def trains(self, number: int) -> list[JobRow]:
        """Wait until every node trains in this round, and return its jobs."""

        def all_train() -> list[JobRow]:
            jobs = self.jobs(number)
            return jobs if jobs and all(job.phase == "training" for job in jobs) else []

        return self.until(all_train, ROUND_SECONDS, f"every node trains in round {number}")

    def closes(self, number: int) -> None:
        """Wait until the round is closed."""
        self.until(lambda: self.round_state(number) == "closed", ROUND_SECONDS, f"round {number} is closed")

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
        """The variables that the program sees; nothing else of ours."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {**kept, "TAPESTRY_VAR": str(self.var), "TAPESTRY_PORT": str(self.port)}


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def object_in(answer: Any) -> dict[str, Any]:
    """The JSON object of an answer."""
    return dict(json.loads(answer.body))
