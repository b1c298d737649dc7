"""The running program's rounds: opened, played, watched, waited for."""

import json
from typing import Any, NamedTuple

from tests.stack.program import READY_SECONDS, Program

ROUND_SECONDS = 150.0


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


class Running(Program):
    """One copy of the program, with the rounds that a test plays in it."""

    def jobs(self, number: int, kind: str = "contributed-cpt") -> list[JobRow]:
        """The jobs of one kind in the round with this number, by node."""
        return [JobRow(*row) for row in self.rows(JOBS, number, kind)]

    def round_state(self, number: int) -> str:
        """Where the round stands; empty before it is there."""
        found = self.rows("SELECT state FROM training_round WHERE number = %s", number)
        return found[0][0] if found else ""

    def act(self, name: str, *given: Any) -> Any:
        """Have people do something: call a function of `tests.stack.acting`, and return what it returned."""
        code = f"from tests.stack.acting import act; act(*{(name, *given)!r})"
        return json.loads(self.manage("shell", "--no-imports", "-c", code))

    def decide(self) -> None:
        """Have the maintainers of the open round played in the background from now on."""
        self.run_beside("deciding.log", "play_round")

    def play_round(self, *, steps: int) -> int:
        """Open the next round, with its maintainers played in the background; return its number."""
        self.no_round_runs()
        number = self.rows("SELECT max(number) FROM training_round")[0][0] + 1
        self.run_beside(f"round-{number}.log", "play_round", "--steps", str(steps))
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
