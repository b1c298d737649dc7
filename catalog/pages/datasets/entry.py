"""`/datasets/<slug>/` and its versions: what is it, may I use it, who used it, can I trust it?"""

from typing import Any, Final

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion
from catalog.interchange.dataset_document import dataset_document
from catalog.interchange.disclosure import may_read_details, readable_record
from catalog.interchange.negotiation import wants_jsonld
from catalog.interchange.views import jsonld_response
from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.datasets.answers import may_i_use_it
from catalog.pages.datasets.descent import bounded_depth, descent_of
from catalog.pages.datasets.difference import changed_answers, changed_files
from catalog.pages.datasets.files import files_for
from catalog.pages.datasets.seals import seal_of
from catalog.pages.records import rows_of
from catalog.pages.stories import Beat, tell
from catalog.tiers import RULES, Tier
from provenance.actors import Actor
from provenance.events.reading import recent

MOST_EVENTS: Final = 20
ABOVE: Final = frozenset({"title", "summary", "tier"})  # said at the top of the page already


@require_safe
def show_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an entry as it stands now; invisible looks exactly like missing (INV-6)."""
    actor = actor_of(request.user)
    dataset = _visible_entry(actor, slug)
    versions = _visible_versions(actor, dataset)
    if wants_jsonld(request):
        return jsonld_response(dataset_document(versions[0], actor))
    context = _reading(versions[0], actor, request.GET.get("depth"))
    context |= {"versions": versions, "events": _events_of(actor, dataset, versions)}
    response = render(request, "pages/datasets/entry.html", context)
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response


@require_safe
def show_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one version for ever as it was published, and how it differs from the one before."""
    actor = actor_of(request.user)
    versions = _visible_versions(actor, _visible_entry(actor, slug))
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise Http404
    before = next((each for each in versions if each.number < number), None)
    context = _reading(version, actor, request.GET.get("depth"))
    shown = not context["files"].withheld
    context |= {
        "newest": versions[0],
        "before": before,
        **_difference(before, version, actor, with_files=shown),
    }
    return render(request, "pages/datasets/version.html", context)


def _visible_entry(actor: Actor, slug: str) -> Dataset:
    return get_object_or_404(Dataset.objects.visible_to(actor).select_related("member"), slug=slug)


def _visible_versions(actor: Actor, dataset: Dataset) -> list[DatasetVersion]:
    versions = list(DatasetVersion.objects.visible_to(actor).filter(dataset=dataset).order_by("-number"))
    if not versions:
        raise Http404
    for version in versions:
        version.dataset = dataset
    return versions


def _reading(version: DatasetVersion, actor: Actor, depth: str | None) -> dict[str, Any]:
    """What both pages say of a version."""
    detailed = may_read_details(actor, version)
    record = readable_record(actor, version)
    return {
        "dataset": version.dataset,
        "version": version,
        "rules": RULES[Tier(version.tier)],
        "seal": seal_of(version),
        "answer": may_i_use_it(version.dataset, version.tier, record),
        "rows": [row for row in rows_of(record) if row.lines and row.path not in ABOVE],
        "detailed": detailed,
        "is_steward": actor.has_role(Role.STEWARD, member=version.dataset.member.slug),
        "files": files_for(version, actor),
        "descent": descent_of(version, actor, depth=bounded_depth(depth)),
        "depth": bounded_depth(depth),
    }


def _difference(
    before: DatasetVersion | None, version: DatasetVersion, actor: Actor, *, with_files: bool
) -> dict[str, Any]:
    if before is None:
        return {"changes": [], "file_changes": []}
    together = DatasetFile.objects.filter(version__in=[before, version])
    files = list(together) if with_files else []
    old = [file for file in files if file.version_id == before.pk]
    new = [file for file in files if file.version_id == version.pk]
    return {
        "changes": changed_answers(readable_record(actor, before), readable_record(actor, version)),
        "file_changes": changed_files(old, new),
    }


def _events_of(actor: Actor, dataset: Dataset, versions: list[DatasetVersion]) -> list[Beat]:
    about = Q(subject=f"dataset:{dataset.slug}") | Q(artifact__in=[version.digest for version in versions])
    return tell(recent(actor.audiences).filter(about)[:MOST_EVENTS])
