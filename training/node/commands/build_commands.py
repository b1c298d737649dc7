"""The commands of ``tapestry-node`` about private builds: build, builds."""

import argparse
import signal
import threading
from pathlib import Path
from typing import Any, Final

from training.node.commands import Add
from training.node.commands.tables import ago, say, say_json, say_table
from training.node.errors import Interrupted, Refused
from training.node.home import NodeHome
from training.node.jobs.journal import Journal, journals
from training.node.own_data.listing import note
from training.node.private.build_bases import MODEL
from training.node.private.build_plans import read_plan

INTERRUPTED: Final = 5


def build(home: NodeHome, options: argparse.Namespace) -> int:
    """Build a private model, or go on with a build that was interrupted; exit code 5 when it may go on."""
    from training.node.private.builds import begin_build, continue_build, send_reports

    if (options.plan is None) == (options.go_on is None):
        raise Refused("build-plan", "say a plan, or --continue with a build's first digits")
    journal = _find(home, options.go_on) if options.go_on else begin_build(home, read_plan(options.plan))
    note(f"build {journal.job} of kind {journal.kind} in {journal.folder}")
    stopping = threading.Event()
    before = {
        name: signal.signal(name, lambda *_: stopping.set()) for name in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        continue_build(home, journal, attend=_tell, stopping=stopping)
    except Interrupted:
        note(f"interrupted; go on with: tapestry-node build --continue {journal.job[:8]}")
        return INTERRUPTED
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    if waiting := send_reports(home):
        note(f"{waiting} reports wait until the coordinator can be reached")
    say(str(journal.folder / MODEL))
    return 0


def builds(home: NodeHome, options: argparse.Namespace) -> int:
    """List the private builds of this machine."""
    found = journals(home.builds)
    if options.json:
        kept = {"job", "kind", "step", "ended", "since", "moved", "spent", "results"}
        say_json([journal.model_dump(mode="json", include=kept) for journal in found])
        return 0
    say_table(
        ("BUILD", "KIND", "STANDS", "SINCE", "SECONDS", "LAST LOSS", "MODEL"),
        [_row(journal) for journal in found],
        empty="no builds",
    )
    return 0


def add_to(add: Add) -> None:
    """Add these commands."""
    building = add("build", build, "train a private model here, from a plan")
    building.add_argument("plan", type=Path, nargs="?", help="a TOML file; see docs/node.md")
    building.add_argument("--continue", dest="go_on", help="first digits of a build that was interrupted")
    listing = add("builds", builds, "list the private builds of this machine")
    listing.add_argument("--json", action="store_true", help="for programs")


def _find(home: NodeHome, digits: str) -> Journal:
    found = [journal for journal in journals(home.builds) if journal.job.startswith(digits)]
    if len(found) != 1:
        raise Refused("build-unknown", f"{digits!r} names {len(found)} builds; see 'tapestry-node builds'")
    if not found[0].is_open:
        raise Refused("build-ended", f"{found[0].job} has {found[0].ended}")
    return found[0]


def _tell(report: dict[str, Any] | None) -> None:
    match report:
        case {"kind": "metric", "step": step, "steps": steps, "loss": loss}:
            note(f"step {step} of {steps}: loss {loss:.4f}")
        case {"kind": "phase", "name": name}:
            note(str(name))
        case {"kind": "log", "text": text}:
            note(str(text))


def _row(journal: Journal) -> tuple[object, ...]:
    result = journal.results[0] if journal.results else {}
    model = journal.folder / MODEL
    return (
        journal.job[:8],
        journal.kind,
        journal.ended or journal.stands,
        ago(journal.moved),
        f"{journal.spent.seconds:.0f}",
        f"{result['last_loss']:.4f}" if "last_loss" in result else "-",
        model if model.exists() else "-",
    )
