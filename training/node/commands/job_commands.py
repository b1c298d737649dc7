"""The commands of ``tapestry-node`` about single jobs: what is here, and what a person says about it."""

import argparse
from typing import Any, Final

from training.manifest import JobManifest
from training.node.commands import Add
from training.node.commands.tables import ago, say_json, say_table
from training.node.commands.tables import say as tell
from training.node.errors import NodeError, Refused
from training.node.home import NodeHome
from training.node.jobs.journal import Journal, journals
from training.node.policy.approvals import said_about, say

SHORTEST: Final = 4  # digits of a job's id


def jobs(home: NodeHome, options: argparse.Namespace) -> int:
    """List the jobs of this node from their journals; nobody has to be reached for it."""
    found = [journal for journal in journals(home.jobs) if options.all or journal.is_open]
    if options.json:
        say_json([_document(journal) for journal in found])
        return 0
    say_table(
        ("JOB", "KIND", "STANDS", "ROUND", "ATTEMPT", "SINCE", "WHY"),
        [
            (
                journal.job[:8],
                journal.kind or "?",
                journal.ended or journal.stands,
                _round(journal),
                journal.attempt,
                ago(journal.moved),
                _why(journal),
            )
            for journal in found
        ],
        empty="no jobs" if options.all else "no open jobs (--all lists the closed ones)",
    )
    return 0


def show(home: NodeHome, options: argparse.Namespace) -> int:
    """Print one job's journal and its manifest: what a person agrees to."""
    journal = find(home, options.job)
    document = _document(journal) | {
        "manifest": journal.manifest.document() if journal.manifest_digest else None
    }
    say_json(document)
    return 0


def approve(home: NodeHome, options: argparse.Namespace) -> int:
    """Agree to the job's manifest, as it lies here now."""
    journal = find(home, options.job)
    if not journal.manifest_digest:
        raise Refused("manifest-missing", "the manifest has not arrived yet; ask again when the node has run")
    say(journal, agreed="approved", manifest=journal.manifest_digest, reason=options.reason)
    tell(f"{journal.job} approved: manifest {journal.manifest_digest[:16]}")
    return 0


def decline(home: NodeHome, options: argparse.Namespace) -> int:
    """Say no to a job; the coordinator learns that this node declined it, and the reason."""
    journal = find(home, options.job)
    say(journal, agreed="declined", manifest=journal.manifest_digest, reason=options.reason)
    tell(f"{journal.job} declined")
    return 0


def pause(home: NodeHome, options: argparse.Namespace) -> int:
    """Let a job rest: it stops at once, its checkpoint and its results stay, the coordinator is told."""
    journal = find(home, options.job)
    say(journal, paused=True, reason=options.reason)
    tell(f"{journal.job} rests until 'tapestry-node resume {journal.job[:8]}'")
    return 0


def resume(home: NodeHome, options: argparse.Namespace) -> int:
    """Let a job go on from its newest checkpoint."""
    journal = find(home, options.job)
    if not said_about(journal.folder).paused:
        raise Refused("not-paused-here", "nobody paused this job on this machine")
    say(journal, paused=False, reason=options.reason)
    tell(f"{journal.job} goes on")
    return 0


def find(home: NodeHome, digits: str) -> Journal:
    """Return the open job whose id begins with ``digits``.

    Raises:
        Refused: ``job-unknown``, ``job-ambiguous``, ``job-ended``.
    """
    found = [journal for journal in journals(home.jobs) if journal.job.startswith(digits.lower())]
    if len(digits) < SHORTEST or len(found) > 1:
        raise Refused("job-ambiguous", f"{digits!r} names {len(found)} jobs; give more digits of the id")
    if not found:
        raise Refused("job-unknown", f"there is no job {digits!r} here; see 'tapestry-node jobs --all'")
    if not found[0].is_open:
        raise Refused("job-ended", f"{found[0].job} has {found[0].ended}")
    return found[0]


def add_to(add: Add) -> None:
    """Add these commands."""
    listing = add("jobs", jobs, "list the jobs of this node")
    listing.add_argument("--all", action="store_true", help="the closed ones as well")
    listing.add_argument("--json", action="store_true", help="for programs")
    add("show", show, "print one job with its manifest").add_argument("job", help="first digits of its id")
    for act, told in (
        (approve, "agree to a job's manifest"),
        (decline, "say no to a job"),
        (pause, "let a job rest"),
        (resume, "let a resting job go on"),
    ):
        parser = add(act.__name__, act, told)
        parser.add_argument("job", help="first digits of its id")
        parser.add_argument("--reason", default="", help="told to the coordinator")


def _manifest(journal: Journal) -> JobManifest | None:
    try:
        return journal.manifest if journal.manifest_digest else None
    except NodeError:
        return None


def _round(journal: Journal) -> str:
    manifest = _manifest(journal)
    return str(manifest.round.number) if manifest and manifest.round else "-"


def _why(journal: Journal) -> str:
    if not journal.is_open:
        return journal.said
    return f"{journal.waiting.code}: {journal.waiting.reason}" if journal.waiting else ""


def _document(journal: Journal) -> dict[str, Any]:
    kept = {"job", "kind", "step", "attempt", "ended", "said", "waiting", "spent", "since", "moved"}
    document = journal.model_dump(mode="json", include=kept)
    manifest = _manifest(journal)
    return document | {
        "stands": journal.stands,
        "round": manifest.round.number if manifest and manifest.round else None,
        "datasets": [entry.dataset for entry in manifest.inputs] if manifest else [],
        "said_here": said_about(journal.folder).model_dump(mode="json"),
    }
