"""The command of ``tapestry-node`` that checks what the consortium says, without trusting it: verify."""

import argparse
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from training.merge import MergeError
from training.node.client import PATIENCE, Coordinator
from training.node.commands import Add, anywhere
from training.node.commands.build_commands import INTERRUPTED
from training.node.commands.node_commands import AWAY, NOT_ACTIVE
from training.node.commands.tables import say, say_json
from training.node.errors import STANDING, NodeError, Refused, Unreachable
from training.node.home import NodeHome
from training.node.own_data.listing import note
from training.node.verifying.computing import IMPORTED, Verdict
from training.node.verifying.walking import Supply, walk
from training.tensors import LayoutError

DIFFERS: Final = 1
UNVERIFIED: Final = 6


def verify_base(home: NodeHome, options: argparse.Namespace) -> int:
    """Compute a base again: 0 the same bytes, 1 others, 6 where it can not be told, 3 and 4 as in status."""
    verdicts = []
    try:
        for verdict, lines in _walked(home, options):
            verdicts.append(_document(verdict, lines))
            if not options.json:
                _tell(verdict, lines)
    except (NodeError, MergeError, LayoutError) as error:
        note(f"tapestry-node: {error} [{error.code}]")
        if isinstance(error, Unreachable):
            return AWAY
        return NOT_ACTIVE if error.code in STANDING else UNVERIFIED
    except KeyboardInterrupt:
        return INTERRUPTED
    same = all(verdict["same"] for verdict in verdicts)
    if options.json:
        say_json({"same": same, "bases": verdicts})
    return 0 if same else DIFFERS


def add_to(add: Add) -> None:
    """Add this command."""
    verifying = add("verify", verify_base, "compute again, bit for bit, what the consortium made")
    nouns = verifying.add_subparsers(required=True, metavar="WHAT")
    base = nouns.add_parser("base", help="a base of a model family", parents=[anywhere()])
    base.add_argument("digest", help="64 digits, as on the base's page")
    base.add_argument("--chain", action="store_true", help="all bases before it too, back to the first")
    where = base.add_mutually_exclusive_group()
    where.add_argument("--keep", type=Path, metavar="DIR", help="keep all that it takes, for --folder")
    where.add_argument("--folder", type=Path, metavar="DIR", help="from a kept folder; nobody is asked")
    base.add_argument("--json", action="store_true", help="for programs")


def _walked(home: NodeHome, options: argparse.Namespace) -> Iterator[tuple[Verdict, list[str]]]:
    if not re.fullmatch(r"[0-9a-f]{64}", options.digest):
        raise Refused("digest-malformed", "a base is named by the 64 digits of its digest")
    if options.folder is not None:
        yield from walk(Supply(folder=options.folder), options.digest, chain=options.chain)
        return
    with closing(Coordinator.of(home, patience=PATIENCE)) as coordinator:
        supply = Supply(coordinator, folder=options.keep, scratch=home.cache)
        yield from walk(supply, options.digest, chain=options.chain)


def _tell(verdict: Verdict, lines: list[str]) -> None:
    how = verdict.recipe.rule
    if verdict.recipe.server is not None:
        how += f" with {verdict.recipe.server.name}"
    count = len(verdict.recipe.contributions)
    made = f"{how}, {count} contribution{'' if count == 1 else 's'}" if count else how
    came = "the same bytes" if verdict.same else "DIFFERS"
    if verdict.same and verdict.recipe.rule == IMPORTED:
        came = "its file has the hash of its document; made elsewhere, so nothing is computed"
    say(f"{verdict.origin.name}  {verdict.origin.digest[:12]}  {made}, {verdict.seconds:.2f} s: {came}")
    for finding in verdict.findings:
        say(f"  {finding.code}: {finding.detail}")
    for line in lines:
        say(f"  {line}")
    if count := verdict.withheld:
        what = "1 statement is not shown here: for its file"
        if count > 1:
            what = f"{count} statements are not shown here: for their files"
        say(f"  {what} the coordinator's word stands")


def _document(verdict: Verdict, lines: list[str]) -> dict[str, Any]:
    return {
        "digest": verdict.origin.digest,
        "name": verdict.origin.name,
        "same": verdict.same,
        "rule": verdict.recipe.rule,
        "contributions": len(verdict.recipe.contributions),
        "withheld": verdict.withheld,
        "seconds": round(verdict.seconds, 3),
        "findings": [{"code": each.code, "detail": each.detail} for each in verdict.findings],
        "tensors": lines,
    }
