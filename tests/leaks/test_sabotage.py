"""The matrix can fail: each hole that is cut on purpose turns exactly the cells red that look through it."""

import pytest

from catalog.batches.models import BatchQuerySet
from catalog.datasets.models import DatasetQuerySet, DatasetVersionQuerySet
from catalog.interchange import disclosure
from catalog.members.actors import actor_of
from catalog.notifications.models import Notification
from catalog.pages.notifications import browse
from catalog.pages.review import discuss, history
from catalog.policy import Operation, rules
from catalog.proposals.models import Proposal, ProposalQuerySet
from provenance.events.models import EventQuerySet
from tests.leaks.test_matrix import leaks, told_to
from tests.leaks.world import World

pytestmark = pytest.mark.django_db


def whole(rows, _asker):
    return rows.all()


def any_proposal(request, key):
    return actor_of(request.user), Proposal.objects.get(pk=key)


def any_notification(reader):
    return Notification.objects.filter(recipient=reader.key)


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
    "talks outlive what they are about": (
        [(discuss, "is_withheld", lambda _actor, _proposal: False)],
        "other_steward",
        {"proposal-thread"},
        "other_steward learned details of (local-only, withdrawn) from proposal-thread",
    ),
    "notifications outlive their reader's knowledge": (
        [(browse, "notifications_of", any_notification), (BatchQuerySet, "visible_to", whole)],
        "other_steward",
        {"notifications"},
        "title of (open, draft) from notifications",
    ),
    "tables are for all members": (
        [(BatchQuerySet, "visible_to", whole)],
        "other_steward",
        {"batch", "api-batch-rows"},
        "summary, title of (train-only, draft) from api-batch-rows",
    ),
    "a history is exported to whoever asks": (
        [(history, "proposal_for", any_proposal)],
        "other_steward",
        {"proposal-history-json"},
        "of (train-only, draft) from proposal-history-json",
    ),
}


def test_each_hole_turns_its_cells_red(
    world: World, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
):
    for name, (patches, actor, routes, expected) in HOLES.items():
        with subtests.test(name), monkeypatch.context() as patched:
            assert not leaks(world, actor, told_to(world, actor, only=routes)), "red before it was broken"
            for target, attribute, replacement in patches:
                patched.setattr(target, attribute, replacement)
            found = leaks(world, actor, told_to(world, actor, only=routes))
            assert any(expected in leak for leak in found), "\n".join(found)
