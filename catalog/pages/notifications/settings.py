"""`/notifications/settings/`: how am I told, and where are my feeds?"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog.interchange.addresses import absolute
from catalog.members.actors import actor_of
from catalog.notifications.correspondence import (
    change_feed_key,
    correspondence_of,
    language_of,
    save_correspondence,
)
from catalog.pages.notifications.forms import CorrespondenceForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_settings(request: HttpRequest) -> HttpResponse:
    """Show and keep the wishes; the addresses of the feeds are secrets of whoever reads the page."""
    actor = actor_of(request.user)
    kept = correspondence_of(actor)
    held = {"pace": kept.pace, "language": language_of(kept)}
    form = CorrespondenceForm(request.POST if request.method == "POST" else None, initial=held)
    if form.is_valid():
        save_correspondence(actor=actor, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("notifications-settings")
    context = {
        "form": form,
        "reviews_feed": absolute(reverse("feed-reviews", kwargs={"feed_key": kept.feed_key})),
        "notifications_feed": absolute(reverse("feed-notifications", kwargs={"feed_key": kept.feed_key})),
    }
    return render(request, "pages/notifications/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def renew_key(request: HttpRequest) -> HttpResponse:
    """Ask once more, then make a new key: the old addresses lead nowhere."""
    if request.method == "POST":
        change_feed_key(actor=actor_of(request.user))
        messages.success(request, _("There is a new key. Enter the new addresses in your feed reader."))
        return redirect("notifications-settings")
    return render(request, "pages/notifications/renew_key.html")
