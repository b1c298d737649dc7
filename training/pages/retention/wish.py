"""`/members/<slug>/retention/`: how long are the bytes of our updates kept, and what does that cost?"""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalog.members.actors import actor_of
from catalog.members.models import Member
from catalog.pages.proposals.forms.base import CatalogForm
from provenance.errors import DomainError
from training.contributions.models import Contribution
from training.pages.replies import put_into
from training.retention.models import RetentionWish
from training.retention.wishes import FEWEST, MOST, may_set_retention, set_retention


class WishForm(CatalogForm):
    """After how many rounds; nothing for ever."""

    rounds = forms.IntegerField(
        label=gettext_lazy("Rounds after which only the hash is kept"),
        required=False,
        min_value=FEWEST,
        max_value=MOST,
        help_text=gettext_lazy(
            "Counted are the rounds of the same family that ended since. Empty: the bytes are kept for ever."
        ),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what the wish means, and keep it; whoever may not is told who may."""
    actor = actor_of(request.user)
    member = get_object_or_404(Member, slug=slug)
    allowed = may_set_retention(actor, member)
    known = RetentionWish.objects.filter(member=member).first()
    form = WishForm(
        request.POST if allowed and request.method == "POST" else None,
        initial={"rounds": known.rounds if known else None},
    )
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if allowed and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                set_retention(actor, member, form.cleaned_data["rounds"])
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("The wish is saved, and in the log."))
                return redirect(member)
    context = {"member": member, "form": form, "allowed": allowed, **_counts(member)}
    return render(request, "training/retention/wish.html", context, status=status)


def _counts(member: Member) -> dict[str, int]:
    delivered = Contribution.objects.filter(job__node__member=member, received_at__isnull=False)
    return delivered.aggregate(
        kept=Count("pk", filter=Q(bytes_dropped_at=None)),
        dropped=Count("pk", filter=Q(bytes_dropped_at__isnull=False)),
    )
