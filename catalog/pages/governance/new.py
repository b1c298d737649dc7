"""`/governance/motions/new/`: a maintainer asks all members."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from catalog.governance.models import MotionKind
from catalog.governance.reading import rule
from catalog.governance.services import move
from catalog.governance.settings import SETTINGS
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from catalog.pages.governance.forms import AnyMotionForm, MemberForm, RoleForm, SettingForm
from catalog.pages.governance.wording import when_it_holds
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_motion(request: HttpRequest) -> HttpResponse:
    """Ask what should change and why; without ``key`` or ``kind``, first about what.

    Who has no voice reads why, and what they send all the same is refused by the service, and in the log.
    """
    actor = actor_of(request.user)
    key, kind = request.GET.get("key", ""), request.GET.get("kind", "")
    allowed = actor.has_role(Role.MAINTAINER)
    form = _form(actor, key, kind, request.POST if request.method == "POST" else None)
    status = 200 if allowed else 403
    if form is not None and form.is_bound:
        status = 422
        if form.is_valid():
            try:
                motion = move(
                    actor=actor,
                    kind=form.kind,
                    change=form.change(),
                    reason=form.cleaned_data["reason"],
                    member=form.voice(),
                )
            except (Invalid, Conflict) as refused:
                status = 409 if isinstance(refused, Conflict) else 422
                _show(form, refused)
            else:
                return redirect(motion)
    context = {
        "form": form,
        "allowed": allowed,
        "settings": SETTINGS.values(),
        "setting": SETTINGS.get(key),
        "when": when_it_holds(key),
        "days": rule("motion.days"),
    }
    return render(request, "pages/governance/new.html", context, status=status)


def _form(actor: Actor, key: str, kind: str, sent: QueryDict | None) -> AnyMotionForm | None:
    voices = list(Member.objects.filter(slug__in=sorted(actor.members_with(Role.MAINTAINER))))
    if key:
        if key not in SETTINGS:
            raise Http404
        return SettingForm(sent, voices=voices, setting=SETTINGS[key], now=rule(key))
    if kind == MotionKind.ROLE and voices:  # it lists people: nobody else may read them
        return RoleForm(sent, voices=voices)
    return MemberForm(sent, voices=voices) if kind == MotionKind.MEMBER else None


def _show(form: AnyMotionForm, refused: Invalid | Conflict) -> None:
    """Put a refusal at its fields, or above the form."""
    if refused.fields:
        form.take_over(refused.fields)
    else:
        form.add_error(None, f"{refused.message} {refused.remedy or ''}".strip())
