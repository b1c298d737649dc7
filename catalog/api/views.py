from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.parameters import PAGE, DatasetParameters, filters_of, make_cursor
from catalog.api.serializers import (
    DatasetDetailSerializer,
    DatasetPageSerializer,
    DatasetSerializer,
    ProblemSerializer,
    VersionSerializer,
)
from catalog.datasets.models import Dataset, DatasetVersion
from catalog.interchange.addresses import absolute
from catalog.lifecycle.standing import Noticed, Standing, standings_of
from catalog.lifecycle.tombstones import tombstone_for
from catalog.members.actors import actor_of
from catalog.search.index import SearchUnavailableError
from catalog.search.reads import Found, search_datasets
from provenance.actors import Actor
from provenance.errors import NotFound

PROBLEM: Final = "application/problem+json"


class IndexAway(APIException):
    """The search index is being mended; entries themselves can be read."""

    status_code = 503
    default_detail = "The search index is being rebuilt. Ask again in a minute."
    default_code = "search-unavailable"


class DatasetsView(APIView):
    """Search and list."""

    @extend_schema(
        operation_id="datasets_list",
        parameters=[DatasetParameters],
        responses={
            200: DatasetPageSerializer,
            (400, PROBLEM): ProblemSerializer,
            (503, PROBLEM): ProblemSerializer,
        },
    )
    def get(self, request: Request) -> Response:
        """Find entries by words and filters. Without words the newest come first."""
        parameters = DatasetParameters.of_request(request.query_params)
        parameters.is_valid(raise_exception=True)
        checked = parameters.validated_data
        actor = actor_of(request.user)
        try:
            found = search_datasets(
                actor=actor,
                text=checked.get("q", ""),
                filters=filters_of(checked),
                offset=checked["offset"],
                limit=checked.get("page_size", PAGE),
            )
        except SearchUnavailableError as error:
            raise IndexAway from error
        standings = standings_of(actor, found.entries)
        return Response(_page(found, checked, request, standings))


class DatasetView(APIView):
    """One entry."""

    @extend_schema(
        operation_id="datasets_read",
        responses={200: DatasetDetailSerializer, (404, PROBLEM): ProblemSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        """An entry with its newest version. Missing and hidden entries look alike."""
        actor = actor_of(request.user)
        dataset = Dataset.objects.visible_to(actor).select_related("member").filter(slug=slug).first()
        versions = list(_versions(actor, slug).order_by("-number"))
        if dataset is None or not versions:
            raise NotFound("There is no such dataset.")
        context = {
            "actor": actor,
            "versions": versions,
            "standings": standings_of(actor, [dataset]),
            "tombstone": tombstone_for(actor, versions),
        }
        return Response(DatasetDetailSerializer(dataset, context=context).data)


class VersionView(APIView):
    """One version."""

    @extend_schema(
        operation_id="datasets_versions_read",
        responses={200: VersionSerializer, (404, PROBLEM): ProblemSerializer},
    )
    def get(self, request: Request, slug: str, number: int) -> Response:
        """A version's record and manifest, as far as the reader may see them."""
        actor = actor_of(request.user)
        version = find_version(actor, slug, number)
        context = {"actor": actor, "tombstone": tombstone_for(actor, [version])}
        return Response(VersionSerializer(version, context=context).data)


def find_version(actor: Actor, slug: str, number: int) -> DatasetVersion:
    """Return a version with entry and member.

    Raises:
        NotFound: there is none, or ``actor`` may not discover it.
    """
    version = _versions(actor, slug).filter(number=number).first()
    if version is None:
        raise NotFound("There is no such dataset or version.")
    return version


def _versions(actor: Actor, slug: str) -> QuerySet[DatasetVersion]:
    return (
        DatasetVersion.objects.visible_to(actor).filter(dataset__slug=slug).select_related("dataset__member")
    )


def _page(
    found: Found, checked: dict[str, Any], request: Request, standings: Mapping[Noticed, Standing]
) -> dict[str, Any]:
    return {
        "count": found.total,
        "next": _next(found, checked, request),
        "results": DatasetSerializer(found.entries, many=True, context={"standings": standings}).data,
        "facets": {
            name: [{"value": item.value, "count": item.count} for item in values]
            for name, values in found.facets.items()
        },
    }


def _next(found: Found, checked: dict[str, Any], request: Request) -> str | None:
    if found.next_offset is None:
        return None
    query = [
        (name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"
    ]
    return absolute(
        f"{request.path}?{urlencode([*query, ('cursor', make_cursor(found.next_offset, checked))])}"
    )
