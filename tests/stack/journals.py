"""What the nodes of the program have written down about their jobs."""

from pathlib import Path

from tests.stack.running import Running
from training.node.jobs.journal import Journal, journals


def journals_of(home: Path) -> list[Journal]:
    """Every journal of a node's home."""
    return journals(home / "jobs")


def steps_of(running: Running, number: int, kind: str = "contributed-cpt") -> dict[str, str]:
    """How far each node is with its job of one kind in a round, by node; empty: it has no journal."""
    rows = running.rows(
        "SELECT node.slug, job.id::text FROM training_job job"
        " JOIN training_node node ON node.id = job.node_id"
        " JOIN training_round round ON round.id = job.round_id WHERE round.number = %s AND job.kind = %s",
        number,
        kind,
    )
    found = {node: Journal.read(running.var / "nodes" / node / "jobs" / job) for node, job in rows}
    return {node: journal.step if journal else "" for node, journal in found.items()}
