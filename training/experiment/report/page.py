"""The report: one HTML file that needs nothing beside it, in the site's own design."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from provenance.weave import weave_svg
from training.experiment.intervals import CONFIDENCE
from training.experiment.report import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from training.experiment.report.summary import ArmSummary, AttackSummary, Document

STATIC: Final = Path(__file__).parents[3] / "static" / "css"
SHEETS: Final = (
    "reset.css",
    "tokens.css",
    "base.css",
    "layout.css",
    "components/tables.css",
    "utilities.css",
)
CAVEAT: Final = (
    "The model has fewer than half a million parameters, and each language some ten thousand bytes of text:"
    " this shows how the mechanisms behave, not how good a large model would be."
)


def page(
    results: Document,
    arms: Sequence[ArmSummary],
    attacks: Sequence[AttackSummary],
    drawings: Mapping[str, str],
    languages: Mapping[str, str],
    digest: str,
) -> str:
    """Return the HTML of the report; ``digest`` is of its results, and its mark is woven from it."""
    parts = [
        _head(),
        _lede(results, arms, digest),
        _exchange(arms, drawings),
        _languages(results, arms, drawings, languages),
        *_hostile(results, attacks, drawings),
        _making(results),
        "</main></body></html>\n",
    ]
    return "".join(parts)


def answer(arms: Sequence[ArmSummary]) -> str:
    """Return the report in one sentence."""
    by_name = {arm.name: arm for arm in arms}
    exchanging = [arm for arm in arms if arm.course]
    best = min(exchanging, key=lambda arm: arm.whole.mean)
    equals = [
        f"{arm.title} ({arm.whole.text})"
        for arm in exchanging
        if arm is not best and arm.whole.overlaps(best.whole)
    ]
    no_worse = f", within the intervals no better than {' and '.join(equals)}" if equals else ""
    return (
        f"Of the ways that exchange weights and no data, {best.title} did best{no_worse}:"
        f" {best.whole.text} bits per byte for {best.bytes / 1e6:,.0f} MB per node."
        f" Pooled data gave {by_name['pooled'].whole.text},"
        f" each node alone on its own language {by_name['alone'].whole.text}."
    )


def _head() -> str:
    sheets = [(STATIC / name).read_text(encoding="utf-8") for name in SHEETS]
    own = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>The experiment</title><style>{''.join(sheets)}{own}</style></head>"
        '<body><div class="selvedge" aria-hidden="true"></div><main class="wrap body">'
    )


def _lede(results: Document, arms: Sequence[ArmSummary], digest: str) -> str:
    nodes, steps = len(results["plan"]["languages"]), results["plan"]["steps"]
    opened = f"{len(results['plan']['open_languages'])} other languages"
    where = "a network namespace" if results["own_namespaces"] else "a process"
    return (
        f'<header class="cartouche">{weave_svg(digest, size=112)}<div><p class="kicker">The experiment</p>'
        "<h1>Training together without pooling data</h1>"
        f'<p class="answer">{escape(answer(arms))}</p></div></header>'
        f"<p>{nodes} nodes, each in {where} of its own, trained {steps} steps each on one language,"
        " with the node’s own trainer; the coordinator’s own admission and merge made the bases."
        f" Everything began with one base, trained on {opened}. {CAVEAT}</p>"
    )


def _drawing(svg: str) -> str:
    return f'<figure class="drawing">{svg}</figure>'


def _exchange(arms: Sequence[ArmSummary], drawings: Mapping[str, str]) -> str:
    return (
        '<section class="section"><h2>How much is exchanged, and what for</h2>'
        "<p>H is the number of local steps between two merges. All ways see the same number of tokens, so"
        " only the number of rounds differs. “Alone” is the mean of four models, each in its own"
        " language.</p>"
        f'<div class="pair">{_drawing(drawings["curves"])}{tables.arms_table(arms)}</div></section>'
    )


def _languages(
    results: Document, arms: Sequence[ArmSummary], drawings: Mapping[str, str], languages: Mapping[str, str]
) -> str:
    models = [cell["models"] for cell in results["cells"] if "models" in cell]
    kept = ", ".join(f"{name} {results['held_out_bytes'][tag]:,}" for tag, name in languages.items())
    return (
        '<section class="section"><h2>Each language</h2>'
        "<p>On the paragraphs that the catalog’s held-out rule keeps from every training"
        f" (bytes: {escape(kept)}). {_seeds(len(results['seeds']))}</p>"
        f'<div class="pair">{_drawing(drawings["bars"])}<div class="stack--wide">'
        f"{tables.languages_table(arms, languages)}{tables.alone_table(models, languages)}"
        "</div></div></section>"
    )


def _seeds(count: int) -> str:
    if count == 1:
        return "One seed only: there is no interval, and a few hundredths mean nothing."
    return (
        f"± is the {CONFIDENCE}\N{NO-BREAK SPACE}% interval (Student’s t) over {count} seeds: of initial"
        " weights and the order of texts, not of which paragraphs are held out."
    )


def _hostile(
    results: Document, attacks: Sequence[AttackSummary], drawings: Mapping[str, str]
) -> Iterator[str]:
    members = len(results["plan"]["languages"]) + len(results["plan"]["hostile"]["guests"])
    yield (
        f'<section class="section"><h2>With hostile members</h2><p>{members} members, one language each,'
        " some of them hostile. The figure is bits per byte over the four languages of members who are never"
        " hostile. The rules are shown as if admission had let everything in; what admission refuses never"
        " reaches a merge, and then the column “mean without them” is what is left.</p></section>"
    )
    for group in tables.by_count(attacks):
        count = group[0].hostile
        yield (
            f'<section class="section"><h3>{count} of {members} hostile</h3>'
            f'<div class="pair">{_drawing(drawings[f"heat-{count}"])}{tables.shares_table(group)}</div>'
            f"{tables.evidence_table(group)}"
            f"<details><summary>The map as a table</summary>{tables.rules_table(group)}</details></section>"
        )


def _making(results: Document) -> str:
    facts = {
        "command": results["command"],
        "seeds": ", ".join(map(str, results["seeds"])),
        **{name: str(value) for name, value in results["environment"].items()},
    }
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    plan = escape(json.dumps(results["plan"], indent=1))
    return (
        '<section class="section"><h2>How it was made</h2>'
        f'<dl class="facts">{rows}</dl><details><summary>The whole plan</summary><pre>{plan}</pre></details>'
        "<p>Raw figures of every cell and round: <code>results.json</code> beside this file.</p></section>"
    )
