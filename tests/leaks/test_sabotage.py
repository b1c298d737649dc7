"""The matrix can fail: each hole that is cut on purpose turns exactly the cells red that look through it."""

import pytest

from catalog.datasets.models import DatasetQuerySet, DatasetVersionQuerySet
from catalog.interchange import disclosure
from catalog.policy import Operation, rules
from catalog.proposals.models import ProposalQuerySet
from provenance.events.models import EventQuerySet
from tests.leaks.test_matrix import leaks, told_to
from tests.leaks.world import make_world

pytestmark = pytest.mark.django_db


def whole(rows, _asker):
    return rows.all()


# What is broken, where, who looks, through which routes, and a leak that has to be found.
HOLES = {
    "lists show what is hidden": (
        [(DatasetQuerySet, "visible_to", whole), (DatasetVersionQuerySet, "visible_to", whole)],
        "anonymous",
        {"dataset", "api-dataset", "sitemap"},
        "anonymous learned existence of (private, published) from",
    ),
    "a record is not cut": (
        [(disclosure, "_allowed_part", lambda record, _reasons: dict(record))],
        "anonymous",
        {"dataset", "api-version"},
        "anonymous learned details, summary of (local-only, withdrawn) from",
    ),
    "drafts are for all members": (
        [(ProposalQuerySet, "visible_to", whole)],
        "other_steward",
        {"proposal", "proposals"},
        "summary, title of (train-only, draft) from proposal",
    ),
    "the log has one audience": (
        [(EventQuerySet, "visible_to", whole)],
        "anonymous",
        {"log", "log-export"},
        "anonymous learned existence of (private, published) from log",
    ),
    "a tier forgets who may download": (
        [(rules, "_AGAINST", {**rules._AGAINST, Operation.DOWNLOAD: lambda _question: iter(())})],
        "anonymous",
        {"api-file"},
        "anonymous learned bytes, manifest of (train-only, published) from api-file",
    ),
}


def test_each_hole_turns_its_cells_red(monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests):
    world = make_world()
    for name, (patches, actor, routes, expected) in HOLES.items():
        with subtests.test(name), monkeypatch.context() as patched:
            assert not leaks(world, actor, told_to(world, actor, only=routes)), "red before it was broken"
            for target, attribute, replacement in patches:
                patched.setattr(target, attribute, replacement)
            found = leaks(world, actor, told_to(world, actor, only=routes))
            assert any(expected in leak for leak in found), "\n".join(found)
