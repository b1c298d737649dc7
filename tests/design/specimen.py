"""What the specimen page shows: one of each component, with the words of the field."""

from datetime import UTC, datetime
from hashlib import sha256
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator

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
    "cannot_start",
]


def digest_of(name):
    return sha256(name.encode()).hexdigest()


class SpecimenForm(forms.Form):
    title = forms.CharField(help_text="As people of the field would search for it.")
    tier = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("open", "Open"), ("train-only", "Train-only")], label="Tier"
    )
    summary = forms.CharField(widget=forms.Textarea, required=False)
    licence = forms.ChoiceField(choices=[("CC-BY-4.0", "CC BY 4.0"), ("unknown", "Unknown")])
    affirmed = forms.BooleanField(label="We hold the rights to offer this dataset")


def card(title, tier, summary, member, *facts):
    return {
        "title": title,
        "url": f"#{tier}",
        "tier": tier,
        "digest": digest_of(title),
        "summary": summary,
        "member": member,
        "facts": facts,
    }


CARDS = [
    card("Parallel legal texts of the Mekong delta", "open", "Statutes and court notices, aligned by paragraph.", "Delta Institute", "1.25 GB", "412,000 records", "CC-BY-4.0"),
    card("Parliament debates, 1991 to 2025", "train-only", "Transcripts with speakers and dates.", "National Library", "8.9 GB", "2.1 million records"),
    card("Village oral histories", "local-only", "Recorded with the consent of nine communities; text and attestations only.", "Highlands Archive", "340 MB"),
]  # fmt: skip
FACETS = [
    SimpleNamespace(
        name="tier",
        label="Tier",
        values=[
            SimpleNamespace(label="Open", count=214, url="#open", selected=True),
            SimpleNamespace(label="Train-only", count=58, url="#train-only", selected=False),
            SimpleNamespace(label="Local-only", count=31, url="#local-only", selected=False),
        ],
    ),
    SimpleNamespace(
        name="language",
        label="Language",
        values=[
            SimpleNamespace(label="Tiếng Việt", count=97, url="#vi", selected=False),
            SimpleNamespace(label="ខ្មែរ", count=41, url="#km", selected=False),
        ],
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
NODES = [
    LineageNode(id="b6", kind="Base", title="Base 6", digest=digest_of("b6"), url="#b6"),
    LineageNode(id="d1", kind="Dataset version", title="Legal texts v3", digest=digest_of("d1"), tier="open", url="#d1"),
    LineageNode(id="d2", kind="Dataset version", title="Debates v1", digest=digest_of("d2"), tier="train-only", url="#d2"),
    LineageNode(id="d3", kind="Dataset version", title="Oral histories v2", digest=digest_of("d3"), tier="local-only", url="#d3"),
    LineageNode(id="c1", kind="Contribution", title="Delta Institute", digest=digest_of("c1"), url="#c1", parents=("b6", "d1", "d2")),
    LineageNode(id="c2", kind="Contribution", title="Highlands Archive", digest=digest_of("c2"), url="#c2", parents=("b6", "d3")),
    LineageNode(id="b7", kind="Base", title="Base 7", digest=digest_of("b7"), parents=("b6", "c1", "c2"), here=True),
]  # fmt: skip


def specimen_context():
    return {
        "crumbs": [("/", "Home"), ("/datasets/", "Datasets")],
        "digests": [digest_of(f"thread {number}") for number in range(12)],
        "states": STATES,
        "facets": FACETS,
        "cards": CARDS,
        "page": Paginator(range(60), 20).page(2),
        "tasks": TASKS,
        "figures": [
            {"label": "Records", "value": "412,000"},
            {"label": "Size", "value": "1.25", "unit": "GB"},
            {"label": "Languages", "value": "3"},
            {"label": "Bases trained on it", "value": "2"},
        ],
        "moment": MOMENT,
        "languages": ["vi", "km", "ar", "pt-BR"],
        "title_texts": {"vi": "Văn bản pháp luật song ngữ", "ar": "نصوص قانونية متوازية"},
        "events": EVENTS,
        "table": [
            ("statutes.jsonl.zst", "application/zstd", 812_400_000, digest_of("f1")),
            ("notices.jsonl.zst", "application/zstd", 431_070_112, digest_of("f2")),
            ("README.md", "text/markdown", 5_120, digest_of("f3")),
        ],
        "form": SpecimenForm({"title": "", "licence": "unknown", "affirmed": "on"}),
        "nodes": NODES,
        "curve_columns": ["Step", "Vietnamese", "French", "Khmer"],
        "curve_rows": [
            [step, round(11 * 0.96**step, 2), round(3.9 + 0.02 * step, 2), round(9 * 0.985**step, 2) if step % 7 else None]
            for step in range(0, 60, 2)
        ],
    }  # fmt: skip
