"""From raw cells to what the tables and plots show: means with intervals over seeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from training.experiment.intervals import Interval, interval

Document = Mapping[str, Any]

NAMES = {"before": "before", "pooled": "pooled", "alone": "alone"}
SERVERS = {"mean": "mean", "diloco": "DiLoCo"}
EVIDENCE = ("norm", "cosine", "signs", "retained", "own")


@dataclass(frozen=True, slots=True)
class Point:
    """Where an arm stood after one round: bytes that a node sent and received, and bits per byte."""

    bytes: float
    bits_per_byte: float


@dataclass(frozen=True, slots=True)
class ArmSummary:
    """One arm over its seeds.

    Attributes:
        languages: bits per byte by language. whole: of the mean over languages.
        bytes: of a node, up and down over all rounds; zero where nothing was exchanged.
        course: after each round, means over seeds.
    """

    name: str
    rounds: int
    languages: Mapping[str, Interval]
    whole: Interval
    up: float
    down: float
    frames: float | None
    course: Sequence[Point]

    @property
    def title(self) -> str:
        """The name in words."""
        return title_of(self.name)

    @property
    def bytes(self) -> float:
        """Both ways."""
        return self.up + self.down


def title_of(name: str) -> str:
    """Return an arm's name in words: ``diloco-20`` is "DiLoCo, H = 20"."""
    rule, _, period = name.partition("-")
    return f"{SERVERS[rule]}, H = {period}" if period else NAMES[name]


def summaries(results: Document) -> list[ArmSummary]:
    """Return the arms in the order in which they were planned."""
    by_arm: dict[str, list[Document]] = defaultdict(list)
    for cell in results["cells"]:
        by_arm[cell["arm"]].append(cell)
    return [_summary(name, cells, results["plan"]["languages"]) for name, cells in by_arm.items()]


def _summary(name: str, cells: Sequence[Document], languages: Sequence[str]) -> ArmSummary:
    figures = [cell["bits_per_byte"] for cell in cells]
    frames = _traffic(cells, "frames_up"), _traffic(cells, "frames_down")
    return ArmSummary(
        name=name,
        rounds=len(cells[0].get("rounds", ())),
        languages={one: interval([found[one] for found in figures]) for one in languages},
        whole=interval([fmean(found.values()) for found in figures]),
        up=_traffic(cells, "up") or 0.0,
        down=_traffic(cells, "down") or 0.0,
        frames=None if None in frames else sum(value or 0.0 for value in frames),
        course=_course(cells),
    )


def _traffic(cells: Sequence[Document], name: str) -> float | None:
    """Return the bytes of all rounds, the mean over nodes and seeds; None where they were not counted."""
    per_seed = []
    for cell in cells:
        lines = [line[name] for turn in cell.get("rounds", ()) for line in turn["traffic"].values()]
        if not lines or None in lines:
            return None
        per_seed.append(sum(lines) / len(cell["rounds"][0]["traffic"]))
    return fmean(per_seed)


def _course(cells: Sequence[Document]) -> list[Point]:
    points = []
    sent = 0.0
    for turns in zip(*(cell.get("rounds", ()) for cell in cells), strict=True):
        lines = [line for turn in turns for line in turn["traffic"].values()]
        sent += fmean(line["up"] + line["down"] for line in lines)
        points.append(Point(sent, fmean(fmean(turn["bits_per_byte"].values()) for turn in turns)))
    return points


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule under an attack, over seeds: bits per byte, or why there are none; the hostile ones' share."""

    bits_per_byte: Interval | None
    refused: str = ""
    hostile_share: float | None = None


@dataclass(frozen=True, slots=True)
class AttackSummary:
    """One attack with one number of hostile members, over seeds.

    Attributes:
        without: bits per byte of the honest ones' mean, as if the hostile ones had stayed away.
        codes: what admission finds in the hostile updates.
        evidence: of the hostile ones, the mean by name; None where the merge is refused.
        honest_evidence: of the honest ones beside them, (least, largest) by name.
    """

    attack: str
    hostile: int
    without: Interval
    codes: Sequence[str]
    outcomes: Mapping[str, Outcome]
    evidence: Mapping[str, float | None]
    honest_evidence: Mapping[str, tuple[float, float] | None]


def attack_summaries(results: Document) -> list[AttackSummary]:
    """Return every attack with every number of hostile members; those without any attack first."""
    runs = results["hostile"]
    found = [
        _attack([run["honest"][place] | {"attack": "no attack"} for run in runs])
        for place in range(len(runs[0]["honest"]))
    ]
    return found + [
        _attack([run["attacks"][place] for run in runs]) for place in range(len(runs[0]["attacks"]))
    ]


def _attack(seeds: Sequence[Document]) -> AttackSummary:
    first = seeds[0]
    members = set(first.get("members", ()))
    codes = {code for one in seeds for name in members for code in one["findings"][name]}
    rows = [(name in members, row) for one in seeds for name, row in one.get("evidence", {}).items() if row]
    return AttackSummary(
        attack=first["attack"],
        hostile=first["hostile"],
        without=interval([one["without_hostile"] for one in seeds]),
        codes=sorted(codes),
        outcomes={rule: _outcome([one["rules"][rule] for one in seeds]) for rule in first["rules"]},
        evidence={name: _mean(row[name] for bad, row in rows if bad) for name in EVIDENCE},
        honest_evidence={name: _span(row[name] for bad, row in rows if not bad) for name in EVIDENCE},
    )


def _outcome(seeds: Sequence[Document]) -> Outcome:
    refused = next((one["refused"] for one in seeds if one.get("refused")), "")
    if refused:
        return Outcome(None, refused)
    shares = [one["hostile_share"] for one in seeds if "hostile_share" in one]
    return Outcome(interval([one["bits_per_byte"] for one in seeds]), "", fmean(shares) if shares else None)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return fmean(found) if found else None


def _span(values: Iterable[float]) -> tuple[float, float] | None:
    found = list(values)
    return (min(found), max(found)) if found else None
