"""`/governance/`: which rules hold here, who made them, and what is being voted on?"""

from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.governance.counting import Tally, tallies_of
from catalog.governance.models import Motion
from catalog.governance.reading import InForce, rules_in_force
from catalog.governance.states import MotionState
from catalog.governance.voices import members_with_a_voice
from catalog.members.actors import actor_of
from catalog.members.founding import is_founded
from catalog.members.models import Role
from catalog.pages.governance.wording import names_in, title_of, value_words

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the page shows it; ``open`` is the motion that would change it, if there is one."""

    held: InForce
    value: str
    open: Motion | None


@dataclass(frozen=True, slots=True)
class MotionRow:
    """A motion in a list; the tally only while it is open."""

    motion: Motion
    title: str
    tally: Tally | None = None


@require_safe
def show_governance(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, the open motions, and what was decided before. Everybody may read it."""
    actor = actor_of(request.user)
    waiting = list(
        Motion.objects.filter(state=MotionState.OPEN).select_related("member").order_by("closes_at")
    )
    ended = Motion.objects.exclude(state=MotionState.OPEN).select_related("member").order_by("-decided_at")
    page = Paginator(ended, PAGE).get_page(request.GET.get("page"))
    names = names_in(actor, [*waiting, *page.object_list])
    tallies = tallies_of([motion.pk for motion in waiting])
    context = {
        "rules": _rules(waiting),
        "waiting": [MotionRow(each, title_of(each, names), tallies[each.pk]) for each in waiting],
        "ended": [MotionRow(each, title_of(each, names)) for each in page.object_list],
        "page": page,
        "voices": members_with_a_voice().count(),
        "founded": is_founded(),
        "may_move": actor.has_role(Role.MAINTAINER),
    }
    return render(request, "pages/governance/browse.html", context)


def _rules(waiting: list[Motion]) -> list[RuleRow]:
    about = {motion.about: motion for motion in waiting}
    return [
        RuleRow(held, value_words(held.setting, held.value), about.get(f"rule:{key}"))
        for key, held in rules_in_force().items()
    ]
