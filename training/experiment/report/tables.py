"""The same figures as tables, for everybody and for screen readers."""

from __future__ import annotations

import hashlib
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from training.experiment.report.heat import said, short, warmth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from training.experiment.report.summary import ArmSummary, AttackSummary, Outcome

MEGA = 1e6
EVIDENCE_HEAD = (
    "norm, × median",
    "cosine to others",
    "signs agreeing",
    "retained",
    "helps its own language by",
)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str = "") -> str:
    """Return a table in a region that scrolls; the first cell of a row is its head, cells hold HTML.

    The caption stands outside, so that it stays in sight on a phone.
    """
    name = "table-" + hashlib.sha256(caption.encode()).hexdigest()[:8]
    heads = "".join(f'<th scope="col"{_number(place)}>{escape(name)}</th>' for place, name in enumerate(head))
    body = "".join(
        "<tr>" + "".join(_cell(place, cell) for place, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        f'<div><p class="caption" id="{name}">{escape(caption)}</p>'
        f'<div class="table-region" role="region" tabindex="0" aria-labelledby="{name}">'
        f'<table class="table {kind}" aria-labelledby="{name}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def arms_table(arms: Sequence[ArmSummary]) -> str:
    """Return rounds, bytes and bits per byte of each arm."""
    frames = any(arm.frames for arm in arms)
    head = [
        "training",
        "rounds",
        "sent, MB",
        "received, MB",
        *(["on the wire, MB"] if frames else []),
        "bits per byte",
    ]
    rows = []
    for arm in arms:
        wire = [_mega(arm.frames)] if frames else []
        rows.append(
            [escape(arm.title), str(arm.rounds or "–"), _mega(arm.up), _mega(arm.down), *wire, arm.whole.text]
        )
    return table("Equal tokens: what each way exchanged, and what came of it", head, rows)


def languages_table(arms: Sequence[ArmSummary], languages: Mapping[str, str]) -> str:
    """Return bits per byte by language."""
    rows = [[escape(arm.title), *(arm.languages[tag].text for tag in languages)] for arm in arms]
    return table("Bits per byte by language", ["training", *languages.values()], rows)


def alone_table(models: Sequence[Mapping[str, Mapping[str, float]]], languages: Mapping[str, str]) -> str:
    """Return how the model of each lone node does in every language; the mean over seeds."""
    rows = [
        [
            escape(name),
            *(f"{sum(one[tag][other] for one in models) / len(models):.2f}" for other in languages),
        ]
        for tag, name in languages.items()
    ]
    return table("Each node alone: its model in every language", ["trained on", *languages.values()], rows)


def rules_table(attacks: Sequence[AttackSummary]) -> str:
    """Return bits per byte by attack and rule, coloured as the map is."""
    hostile, rules = attacks[0].hostile, list(attacks[0].outcomes)
    rows = []
    for attack in attacks:
        cells = [_heated(outcome, attack.without.mean) for outcome in attack.outcomes.values()]
        rows.append([escape(attack.attack), attack.without.text, *cells])
    head = ["attack", "mean without them", *map(short, rules)]
    return table(f"Bits per byte by attack and rule, {hostile} hostile", head, rows, kind="table--heat")


def evidence_table(attacks: Sequence[AttackSummary]) -> str:
    """Return what admission finds in hostile updates, and what a reviewer sees beside the mean of all."""
    rows = []
    for attack in attacks:
        if attack.attack == "no attack":
            continue
        codes = "<br>".join(f"<code>{escape(code)}</code>" for code in attack.codes) or "nothing"
        rows.append([escape(attack.attack), codes, *_evidence(attack)])
    caption = f"What admission and review see, {attacks[0].hostile} hostile (below: the honest ones’ range)"
    return table(caption, ["attack", "admission finds", *EVIDENCE_HEAD], rows, kind="table--evidence")


def shares_table(attacks: Sequence[AttackSummary]) -> str:
    """Return how much of the merged update comes from hostile members, for rules with coefficients."""
    rules = [rule for rule, found in attacks[0].outcomes.items() if found.hostile_share is not None]
    rows = []
    for attack in attacks:
        shares = [attack.outcomes[rule].hostile_share for rule in rules]
        if attack.attack != "no attack" and None not in shares:
            rows.append([escape(attack.attack), *(f"{share:.0%}" for share in shares if share is not None)])
    return table(
        f"Share of the coefficients that is hostile, {attacks[0].hostile} hostile",
        ["attack", *map(short, rules)],
        rows,
    )


def by_count(attacks: Sequence[AttackSummary]) -> list[list[AttackSummary]]:
    """Return the attacks grouped by how many are hostile."""
    ordered = sorted(attacks, key=lambda attack: attack.hostile)
    return [list(group) for _, group in groupby(ordered, key=lambda attack: attack.hostile)]


def _heated(outcome: Outcome, without: float) -> str:
    return f'<span style="--warmth: {warmth(outcome, without)}%">{escape(said(outcome))}</span>'


def _evidence(attack: AttackSummary) -> list[str]:
    cells = []
    for name, value in attack.evidence.items():
        span = attack.honest_evidence[name]
        if value is None or span is None:
            cells.append("–")
        else:
            cells.append(f"{value:.2f} <small>({span[0]:.2f} to {span[1]:.2f})</small>".replace("-", "−"))
    return cells


def _cell(place: int, cell: str) -> str:
    return f"<td{_number(place)}>{cell}</td>" if place else f'<th scope="row">{cell}</th>'


def _number(place: int) -> str:
    return ' class="number"' if place else ""


def _mega(count: float | None) -> str:
    return f"{count / MEGA:,.1f}" if count else "–"
