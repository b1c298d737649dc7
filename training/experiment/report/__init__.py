"""The report of the experiment: drawings, tables, and one page that holds them all."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from training.experiment.report.bars import bars
from training.experiment.report.curves import curves
from training.experiment.report.drawing import alone
from training.experiment.report.heat import heat
from training.experiment.report.page import page
from training.experiment.report.summary import attack_summaries, summaries
from training.experiment.report.tables import by_count

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["write_report"]

LANGUAGES: Final = {"vi": "Tiếng Việt", "fr": "Français", "sw": "Kiswahili", "uk": "Українська"}
"""What the four languages call themselves."""


def write_report(results: dict[str, Any], folder: Path) -> Path:
    """Write ``report.html`` and the drawings as files of their own; return the report's path."""
    arms, attacks = summaries(results), attack_summaries(results)
    plan = results["plan"]
    languages = {tag: LANGUAGES.get(tag, tag) for tag in plan["languages"]}
    members = len(languages) + len(plan["hostile"]["guests"])
    trained = [arm for arm in arms if arm.name != "before"]
    drawings = {
        "curves": curves(trained, plan["periods"]),
        "bars": bars(trained, plan["periods"], languages),
    } | {f"heat-{group[0].hostile}": heat(group, members) for group in by_count(attacks)}
    for name, svg in drawings.items():
        (folder / f"{name}.svg").write_text(alone(svg), encoding="utf-8")
    digest = hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest()
    report = folder / "report.html"
    report.write_text(page(results, arms, attacks, drawings, languages, digest), encoding="utf-8")
    return report
