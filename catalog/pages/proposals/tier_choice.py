"""`/proposals/<id>/edit/tier/questions/`: four questions, the tier that they lead to, and what it means."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.design.tier_words import words_of_tier
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forms.tier import TierForm
from catalog.pages.proposals.forms.tier_questions import TierQuestionsForm, because
from catalog.pages.proposals.steps import TIER, address_of_step
from catalog.pages.proposals.titles import titles_of
from catalog.proposals.models import Proposal
from catalog.proposals.tier_questions import reasons_for, tier_for
from catalog.tiers import RULES


@login_required
@require_safe
def ask_for_tier(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask, and show what the answers mean. Nothing is kept: the answers stand in the address alone.

    The tier is taken by the step itself, which asks once more where a draft would forget something.
    """
    _actor, proposal = draft_for(request, key)
    form = TierQuestionsForm(request.GET or None)
    context: dict[str, Any] = {
        "proposal": proposal,
        "titles": titles_of(proposal),
        "form": form,
        "tier_url": address_of_step(proposal, TIER.slug),
        **(_result(proposal, form) if form.is_valid() else {}),
    }
    return render(request, "pages/proposals/tier_questions.html", context, status=422 if form.errors else 200)


def _result(proposal: Proposal, form: TierQuestionsForm) -> dict[str, Any]:
    answers = form.answers()
    tier = tier_for(answers)
    return {
        "tier": str(tier),
        "word": words_of_tier(tier).word,
        "because": because(reasons_for(answers)),
        "words": RULES[tier].words,
        "base": TierForm.from_record(proposal.record)["base"],
    }
