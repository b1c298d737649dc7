"""`/`: what is this, what is in it, and what happens in it now?"""

from typing import Any

from django.db.models import Count, Func
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.datasets.models import Dataset, DatasetQuerySet
from catalog.design.tier_words import words_of_tier
from catalog.members.actors import actor_of
from catalog.members.models import Member
from catalog.pages.datasets.cards import cards_of
from catalog.pages.naming import names_of
from catalog.pages.stories import tell
from catalog.tiers import RULES
from provenance.actors import Actor
from provenance.events.reading import recent
from provenance.lineage.models import Artifact, ArtifactKind

NEWEST_ENTRIES = 4
NEWEST_EVENTS = 6
NEWEST_CHECKPOINTS = 20  # looked at: behind the newest base stand candidates that came to nothing


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """Greet with live figures, the four tiers, the newest entries and the newest events."""
    actor = actor_of(request.user)
    entries = Dataset.objects.visible_to(actor).filter(state=Dataset.State.PUBLISHED)
    context = {
        "figures": _figures(actor, entries),
        "newest_base": _newest_base(actor),
        "tiers": [(tier, words_of_tier(tier).word, rules) for tier, rules in RULES.items()],
        "cards": cards_of(actor, entries.select_related("member")[:NEWEST_ENTRIES]),
        "events": tell(recent(actor.audiences)[:NEWEST_EVENTS], reader=actor, linked=True),
    }
    return render(request, "pages/home/home.html", context)


def _newest_base(actor: Actor) -> dict[str, Any] | None:
    """Return digest and name of the newest checkpoint that has a page; candidates for a base have none."""
    made = Artifact.objects.visible_to(actor.audiences).filter(kind=ArtifactKind.CHECKPOINT).order_by("-id")
    digests = list(made.values_list("digest", flat=True)[:NEWEST_CHECKPOINTS])
    names = names_of(actor, [f"checkpoint:{digest}" for digest in digests])
    for digest in digests:
        if (named := names.get(f"checkpoint:{digest}")) and named.url:
            return {"digest": digest, "named": named}
    return None


def _figures(actor: Actor, entries: DatasetQuerySet) -> list[dict[str, Any]]:
    """Counts of what this reader may discover, and of nothing else (INV-6)."""
    artifacts = Artifact.objects.visible_to(actor.audiences).order_by()
    kinds = dict(artifacts.values_list("kind").annotate(count=Count("pk")))
    tags = entries.order_by().annotate(tag=Func("languages", function="unnest")).values_list("tag", flat=True)
    spoken = {tag.split("-")[0] for tag in tags.distinct()}
    return [
        {"label": _("datasets"), "value": entries.count()},
        {"label": _("languages"), "value": len(spoken)},
        {"label": _("members"), "value": Member.objects.count()},
        {"label": _("contributions"), "value": kinds.get(ArtifactKind.CONTRIBUTION, 0)},
        {"label": _("checkpoints"), "value": kinds.get(ArtifactKind.CHECKPOINT, 0)},
    ]
