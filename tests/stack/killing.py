"""Keeping a round where it stands, and killing every process of the program there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

import psutil
import psycopg

from tests.stack.journals import steps_of
from tests.stack.program import object_in
from tests.stack.running import Running

NODES: Final = ["andes-cusco", "mekong-hanoi"]  # a sovereign one with a queue of its own, and an attached one
FIRST: Final = ["beat", "valkey", *(f"node-{node}" for node in NODES), "postgresql"]
LAST: Final = ["web", "worker"]  # stopped while the database is away, so that nothing goes on without a lock
PARTS: Final = [*LAST, *FIRST]
TRAINERS: Final = [f"trainer of {node}" for node in NODES]
KEEPER: Final = "keeper"  # how the database knows the connection that holds the locks
# The lock of `training.rounds.computing.alone`, taken before it.
NOBODY_MERGES: Final = "SELECT pg_advisory_lock(31390, id::int) FROM training_round WHERE closed_at IS NULL"

GIVEN: Final = """
SELECT (SELECT count(*) FROM training_contribution given
        WHERE given.round_id = round.id AND given.state = 'committed'),
       (SELECT count(*) FROM training_weightsupload upload JOIN training_job job ON job.id = upload.job_id
        WHERE job.round_id = round.id AND upload.closed_at IS NULL)
FROM training_round round WHERE round.number = %s
"""


class Phase(NamedTuple):
    """A place at which to stop a round: in its own state, with each node's job at a step of its journal.

    What keeps it there are the statements in ``locks``, run in a transaction of the test's own. ``given``
    counts the updates that nodes have committed to, and those whose bytes are on their way.
    """

    name: str
    state: str
    steps: tuple[str, ...] = ()
    given: tuple[int, int] | None = None
    locks: tuple[str, ...] = ()


class Killing:
    """A round that goes from phase to phase only as far as the test lets it."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.number = 0
        self.done: set[tuple[str, str]] = set()
        self.waits: set[str] = set()
        self._keeper: psycopg.Connection | None = None

    def keep(self, locks: Sequence[str]) -> None:
        """Let what was kept go on, up to where these locks keep it."""
        self.let_go()
        self._keeper = psycopg.connect(self.running.environment.database_url, application_name=KEEPER)
        for lock in locks:
            self._keeper.execute(lock)

    def let_go(self) -> None:
        """Let everything go on."""
        if self._keeper is not None:
            with suppress(psycopg.OperationalError):
                self._keeper.close()
        self._keeper = None

    def reach(self, phase: Phase) -> None:
        """Wait until the round, and in it each node's job, stands at this phase."""
        self.running.until(lambda: self.stands(phase), 90, f"round {self.number} is {phase.name}")

    def stands(self, phase: Phase) -> bool:
        """Whether the round stands there now; its cause for waiting is noted."""
        found = self.running.rows(
            "SELECT state, waiting_code FROM training_round WHERE number = %s", self.number
        )
        if not found or found[0][0] != phase.state:
            return False
        self.waits |= {found[0][1]} - {""}
        if phase.given is not None and self.running.rows(GIVEN, self.number) != [phase.given]:
            return False
        return not phase.steps or set(steps_of(self.running, self.number).values()) <= set(phase.steps)

    def strike(self, phase: Phase, following: Phase | None) -> None:
        """Kill -9 every part, each once, while the round stands at a phase; end with all of them back.

        Between the database's return and that of web and worker the next phase's locks are taken.
        """
        self.reach(phase)
        before = {part: self.running.returned(part) for part in PARTS}
        with self._frozen():
            for part in FIRST:
                self._kill(part, phase)
            self.running.until(lambda: self.stands(phase), 60, f"round {self.number} still is {phase.name}")
            self.keep(following.locks if following else ())
            for part in LAST:
                self._kill(part, phase)
        self.running.until(
            lambda: all(self.running.returned(part) > before[part] for part in PARTS), 90, "all are back"
        )

    def kill_trainers(self, phase: Phase) -> None:
        """Kill -9 what each node has started to compute with, as soon as it is there."""
        for node, name in zip(NODES, TRAINERS, strict=True):
            trainer = self.running.until(lambda node=node: self._trainer(node), 60, f"a {name}")
            trainer.kill()
            self.done.add((name, phase.name))

    def _trainer(self, node: str) -> psutil.Process | None:
        with suppress(psutil.NoSuchProcess, AssertionError):
            for child in self.running.process(f"node-{node}").children(recursive=True):
                if "training.node." in " ".join(child.cmdline()):
                    return child
        return None

    def _kill(self, part: str, phase: Phase) -> None:
        process = self.running.process(part)
        self.running.kill_part(part, whole=not part.startswith("node-"))
        process.wait(10)
        self.done.add((part, phase.name))

    @contextmanager
    def _frozen(self) -> Iterator[None]:
        """Stop web and worker with all their processes; who is to be killed next is not woken before."""
        for part in LAST:
            parent = self.running.process(part)
            for process in [parent, *parent.children(recursive=True)]:
                process.suspend()
        yield

    def is_ready(self) -> bool:
        """Whether the program says so."""
        try:
            return bool(object_in(self.running.get("/readyz"))["ready"])
        except (OSError, ValueError):
            return False
