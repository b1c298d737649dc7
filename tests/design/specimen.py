"""What the specimen page shows: one of each component, with the words of the field."""

from datetime import UTC, datetime
from hashlib import sha256
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator

from catalog.design.forms import CatalogRenderer
from catalog.design.lineage import LineageNode

MOMENT = datetime(2026, 11, 22, 17, 44, tzinfo=UTC)
STATES = [
    "draft",
    "in_review",
    "changes_requested",
    "accepted",
    "rejected",
    "withdrawn",
    "running",
    "queued",
    "merged",
    "to_do",
    "done",
]


def digest_of(name):
    return sha256(name.encode()).hexdigest()


class SpecimenForm(forms.Form):
    default_renderer = CatalogRenderer

    title = forms.CharField(help_text="As people of the field would search for it.")
    tier = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("open", "Open"), ("train-only", "Train-only")]
    )
    summary = forms.CharField(widget=forms.Textarea, required=False)
    licence = forms.ChoiceField(choices=[("CC-BY-4.0", "CC BY 4.0"), ("unknown", "Unknown")])
    affirmed = forms.BooleanField(label="We hold the rights to offer this dataset")


class TierForm(forms.Form):
    tier = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="Who may use the data?",
        help_text="It can become stricter later, never looser.",
        choices=[
            ("open", "Open"),
            ("train-only", "Train-only"),
            ("local-only", "Local-only"),
            ("private", "Private"),
        ],
    )


def card(title, tier, summary, member, *facts):
    shown = {"title": title, "url": f"#{tier}", "tier": tier, "summary": summary, "member": member}
    return {**shown, "digest": digest_of(title), "facts": facts}


LAW = (
    "Parallel legal texts of the Mekong delta",
    "open",
    "Statutes and court notices, aligned by paragraph.",
)
DEBATES = ("Parliament debates, 1991 to 2025", "train-only", "Transcripts with speakers and dates.")
TALES = ("Village oral histories", "local-only", "Recorded with the consent of nine communities.")
CARDS = [
    card(*LAW, "Delta Institute", "1.25 GB", "412,000 records", "CC-BY-4.0"),
    card(*DEBATES, "National Library", "8.9 GB", "2.1 million records"),
    card(*TALES, "Highlands Archive", "340 MB"),
]


def facet(name, label, *values):
    return SimpleNamespace(name=name, label=label, values=[SimpleNamespace(**value) for value in values])


FACETS = [
    facet(
        "tier",
        "Tier",
        {"label": "Open", "count": 214, "url": "#open", "selected": True},
        {"label": "Train-only", "count": 58, "url": "#train-only", "selected": False},
        {"label": "Local-only", "count": 31, "url": "#local-only", "selected": False},
    ),
    facet(
        "language",
        "Language",
        {"label": "Tiếng Việt", "count": 97, "url": "#vi", "selected": False},
        {"label": "ខ្មែរ", "count": 41, "url": "#km", "selected": False},
    ),
]
TASKS = [
    {"title": "Name and describe it", "state": "done", "url": "#1"},
    {"title": "Choose a tier and say who holds the rights", "state": "in_progress", "url": "#2"},
    {"title": "Coverage: languages, size, period", "state": "to_do", "url": "#3"},
    {
        "title": "Check your answers",
        "state": "cannot_start",
        "hint": "Opens when the three steps above are done.",
    },
]
EVENTS = [
    {"title": "Merged into base 7", "at": MOMENT, "actor": "coordinator", "state": "merged", "url": "#base"},
    {"title": "Approved by Highlands Archive", "at": MOMENT, "actor": "Linh T.", "state": "accepted"},
    {
        "title": "Submitted",
        "at": MOMENT,
        "actor": "Delta Institute",
        "detail": "Version 3 replaces version 2.",
    },
]
FIGURES = [
    {"label": "Records", "value": "412,000"},
    {"label": "Size", "value": "1.25", "unit": "GB"},
    {"label": "Languages", "value": "3"},
    {"label": "Bases trained on it", "value": "2"},
]
FILES = [
    ("statutes.jsonl.zst", "application/zstd", 812_400_000, digest_of("statutes")),
    ("notices.jsonl.zst", "application/zstd", 431_070_112, digest_of("notices")),
    ("README.md", "text/markdown", 5_120, digest_of("readme")),
]


def node(identity, kind, title, *parents, tier="", here=False):
    words = {
        "kind": kind,
        "title": title,
        "digest": digest_of(identity),
        "url": "" if here else f"#{identity}",
    }
    return LineageNode(id=identity, tier=tier, parents=parents, here=here, **words)


NODES = [
    node("b6", "Base", "Base 6"),
    node("d1", "Dataset version", "Legal texts v3", tier="open"),
    node("d2", "Dataset version", "Debates v1", tier="train-only"),
    node("d3", "Dataset version", "Oral histories v2", tier="local-only"),
    node("c1", "Contribution", "Delta Institute", "b6", "d1", "d2"),
    node("c2", "Contribution", "Highlands Archive", "b6", "d3"),
    node("b7", "Base", "Base 7", "b6", "c1", "c2", here=True),
]


def curve(step):
    khmer = round(9 * 0.985**step, 2) if step % 7 else None
    return [step, round(11 * 0.96**step, 2), round(3.9 + 0.02 * step, 2), khmer]


def specimen_context():
    return {
        "crumbs": [("/", "Home"), ("/datasets/", "Datasets")],
        "digests": [digest_of(f"thread {number}") for number in range(12)],
        "states": STATES,
        "facets": FACETS,
        "cards": CARDS,
        "page": Paginator(range(60), 20).page(2),
        "tasks": TASKS,
        "figures": FIGURES,
        "moment": MOMENT,
        "languages": ["vi", "km", "ar", "pt-BR"],
        "title_texts": {"vi": "Văn bản pháp luật song ngữ", "ar": "نصوص قانونية متوازية"},
        "events": EVENTS,
        "table": FILES,
        "form": SpecimenForm({"title": "", "licence": "unknown", "affirmed": "on"}),
        "tier_form": TierForm(initial={"tier": "local-only"}, prefix="tiers"),
        "nodes": NODES,
        "curve_columns": ["Step", "Vietnamese", "French", "Khmer"],
        "curve_rows": [curve(step) for step in range(0, 60, 2)],
    }
