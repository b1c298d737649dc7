"""`/governance/motions/<id>/`: what would change, who said what, and what is still needed?"""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from catalog.design.languages import territory_for_reader
from catalog.governance.counting import Tally, tally_of
from catalog.governance.models import Choice, Motion, MotionKind
from catalog.governance.services import vote
from catalog.governance.settings import SETTINGS
from catalog.governance.states import MotionState
from catalog.governance.trail import FORGOTTEN
from catalog.governance.voices import members_with_a_voice
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from catalog.pages.governance.forms import BallotForm
from catalog.pages.governance.wording import consequences_of, names_in, title_of, value_words
from catalog.pages.naming import names_of
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid

TONES = {Choice.YES: "good", Choice.NO: "bad", Choice.ABSTAIN: "quiet"}


@require_http_methods(["GET", "HEAD", "POST"])
def show_motion(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show a motion to everybody, and take a ballot. What was typed stays when the ballot is refused."""
    motion = motion_for(key)
    if request.method != "POST":
        return render(request, "pages/governance/motion.html", context_of(request, motion))
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    actor = actor_of(request.user)
    form = BallotForm(request.POST, voices=_free_voices(actor, motion))
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            vote(
                actor=actor,
                motion=motion,
                choice=Choice(given["choice"]),
                note=given["note"],
                member=form.voice(),
            )
        except (Invalid, Conflict) as refused:
            status = 409 if isinstance(refused, Conflict) else 422
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("Your member’s vote is in the log."))
            return redirect(motion)
    context = context_of(request, motion_for(key), form)
    return render(request, "pages/governance/motion.html", context, status=status)


def motion_for(key: uuid.UUID) -> Motion:
    """Return a motion with its ballots. Motions are public: nobody is kept from reading one."""
    rows = Motion.objects.select_related("member", "moved_by").prefetch_related("ballots__member")
    return get_object_or_404(rows, pk=key)


def context_of(request: HttpRequest, motion: Motion, form: BallotForm | None = None) -> dict[str, Any]:
    """Return the inputs of the page; ``form`` is a ballot that was refused."""
    actor, tally = actor_of(request.user), tally_of(motion.pk)
    ballots = list(motion.ballots.all())
    people = [f"person:{motion.moved_by_id}", *(f"person:{ballot.voter_id}" for ballot in ballots)]
    names = names_of(actor, people)
    spoken = {ballot.member_id for ballot in ballots}
    voices = _free_voices(actor, motion)
    return {
        "motion": motion,
        "title": title_of(motion, names_in(actor, [motion])),
        "answer": _answer(motion, tally),
        "consequences": consequences_of(motion),
        "before": _before(motion),
        "first": motion.change.get(next(iter(FORGOTTEN))) if actor.members else None,
        "country": territory_for_reader(motion.change.get("country", "")),
        "tally": tally,
        "mover": names.get(people[0]),
        "ballots": [
            {
                "ballot": ballot,
                "tone": TONES[Choice(ballot.choice)],
                "by": names.get(f"person:{ballot.voter_id}"),
            }
            for ballot in ballots
        ],
        "silent": [each for each in members_with_a_voice().order_by("name") if each.pk not in spoken],
        "form": form or (BallotForm(voices=voices) if voices else None),
        "refused": form,
        "may_withdraw": may_withdraw(actor, motion),
    }


def may_withdraw(actor: Actor, motion: Motion) -> bool:
    """Tell whether the actor is a maintainer of the member that moved a motion which is still open."""
    return motion.state == MotionState.OPEN and actor.has_role(Role.MAINTAINER, member=motion.member.slug)


def _free_voices(actor: Actor, motion: Motion) -> list[Member]:
    """Return the members for which the actor may still vote."""
    if motion.state != MotionState.OPEN or motion.ballots.filter(voter=actor.key).exists():
        return []
    own = Member.objects.filter(slug__in=sorted(actor.members_with(Role.MAINTAINER)))
    return list(own.exclude(ballots__motion=motion).order_by("name"))


def _before(motion: Motion) -> tuple[str, str] | None:
    """Return what a rule was when the motion was opened, and what it would be."""
    if motion.kind != MotionKind.SETTING:
        return None
    setting = SETTINGS[motion.change["key"]]
    return value_words(setting, motion.change["was"]), value_words(setting, motion.change["value"])


def _answer(motion: Motion, tally: Tally) -> str:
    """Say in one sentence where it stands."""
    match motion.state:
        case MotionState.CARRIED:
            return _("Yes: more than half of all members wanted it, and it is so.")
        case MotionState.LOST:
            return _("No: it can not reach more than half of all members any more.")
        case MotionState.LAPSED:
            return _("No: its time was over before more than half of all members had said yes.")
        case MotionState.WITHDRAWN:
            return _("No: the member that moved it took it back.")
    text = ngettext(
        "Not decided: %(yes)s of %(voices)s members said yes; %(n)s more is needed.",
        "Not decided: %(yes)s of %(voices)s members said yes; %(n)s more are needed.",
        tally.missing,
    )
    return text % {"yes": tally.yes, "voices": tally.voices, "n": tally.missing}
