"""What a rollback would change, from the ledger and the signed reports: at once, without reading weights."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import MergeError
from training.merge.ledger import Held, next_ledger
from training.merge.parameters import parameters_of, server_of
from training.merge.resolving import find_coefficients
from training.merge.rules import RULES, SERVERS
from training.rollbacks.evidence import Report, report_of
from training.rollbacks.removal import Removal, Turn
from training.rounds.aggregation import Aggregation, aggregation_in
from training.rounds.ledger import contents_of

LEAST: Final = 1e-9  # a share that differs by less is the same: shares are kept as floats
REMEMBERED: Final = "carried over"  # stands for the state that a replay will compute


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a contribution's update is in a base, before and after; ``gone``, where it is taken out."""

    contribution: Contribution
    before: float
    after: float
    gone: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What one base becomes.

    Attributes:
        base: the one that is replaced.
        stays: how many of its contributions are merged anew; with none the base before takes its place.
        shares: of every contribution that it holds; None where only a replay tells.
        distance: Euclidean norm of the difference to the base in its place; None where only a replay tells.
        is_bound: whether it is at most that: contributions of several rounds differ, and nobody kept how the
            updates of different rounds lie to one another.
    """

    base: Checkpoint
    stays: int
    shares: tuple[Share, ...] | None
    distance: float | None
    is_bound: bool = False


def preview_of(removal: Removal) -> list[Change]:
    """Return what becomes of each base that the removal replaces, the oldest first."""
    gone = {each.digest for each in (*removal.named, *removal.dropped)}
    reports = {turn.link.round.pk: report_of(turn.link.base) for turn in removal.turns}
    ledger: dict[str, Held] | None = _kept(removal.start)
    server, changes = removal.start.recipe.get("server"), []
    for turn in removal.turns:
        if turn.stays and ledger is not None:
            ledger, server = _merged(ledger, turn, reports[turn.link.round.pk], server)
        changes.append(_change(turn, ledger, gone, reports))
    return changes


def _merged(
    ledger: Mapping[str, Held], turn: Turn, report: Report | None, before: Mapping[str, Any] | None
) -> tuple[dict[str, Held] | None, Mapping[str, Any] | None]:
    """Return the ledger and the server after a merge of what stays; None where a number is not to be had."""
    aggregation = aggregation_in(turn.link.round, turn.stays)
    server = aggregation.server
    if server is not None:
        alike = before is not None and SERVERS[before["name"]].arrays == SERVERS[server["name"]].arrays
        server = {**(server_of(server)[1] or {}), "state": REMEMBERED if alike else None}
    linear = server is None or SERVERS[server["name"]].linear
    found = _coefficients(aggregation, turn, report) if RULES[aggregation.rule].linear and linear else None
    return (next_ledger(ledger, found, server) if found is not None else None), server


def _coefficients(aggregation: Aggregation, turn: Turn, report: Report | None) -> dict[str, Fraction] | None:
    digests = [each.digest for each in turn.stays]
    said = dict(aggregation.parameters)
    if aggregation.rule == "weighted-mean":
        return {digest: Fraction(said["weights"][digest]) for digest in digests}
    if RULES[aggregation.rule].found and report is None:
        return None
    try:
        given = parameters_of(aggregation.rule, said, digests)
    except MergeError:
        return None
    gram = report.gram_of(digests) if report else np.zeros((len(digests), len(digests)))
    return find_coefficients(given, digests, gram)


def _change(
    turn: Turn, ledger: Mapping[str, Held] | None, gone: set[str], reports: Mapping[int, Report | None]
) -> Change:
    base, stays = turn.link.base, len(turn.stays)
    contents = contents_of(base)
    if ledger is None or not contents:
        return Change(base, stays, None, None)
    shares = tuple(
        Share(
            each.contribution,
            each.in_base,
            ledger[each.contribution.digest].in_base if each.contribution.digest in ledger else 0.0,
            each.contribution.digest in gone,
        )
        for each in contents
    )
    distance, is_bound = _distance(shares, reports)
    return Change(base, stays, shares, distance, is_bound)


def _distance(shares: Iterable[Share], reports: Mapping[int, Report | None]) -> tuple[float | None, bool]:
    """Return how far the bases lie apart, and whether that is only a bound, by the triangle inequality."""
    moved: dict[int, dict[str, float]] = defaultdict(dict)
    for share in shares:
        if abs(share.after - share.before) > LEAST:
            moved[share.contribution.round_id][share.contribution.digest] = share.after - share.before
    lengths = []
    for round_id, parts in moved.items():
        report = reports.get(round_id)
        if report is None:
            return None, False
        lengths.append(report.length(parts))
    return math.fsum(lengths), len(lengths) > 1


def _kept(start: Checkpoint) -> dict[str, Held]:
    return {each.contribution.digest: Held(each.in_base, each.in_velocity) for each in contents_of(start)}
