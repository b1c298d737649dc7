"""Families of several sizes under one name: they share the tokenizer, so that one can teach another."""

from django.db import transaction

from provenance.actors import Actor
from provenance.errors import Conflict
from provenance.events.services import Evidence, record_event
from training.families.models import ModelFamily, ModelSeries
from training.voices import require_maintainer


@transaction.atomic
def found_series(actor: Actor, slug: str, name: str, family: ModelFamily) -> ModelSeries:
    """Found a series whose tokenizer is that of ``family``, its first.

    Raises:
        NotPermitted: ``not-a-maintainer``. Conflict: ``series-exists``, ``family-in-a-series``.
    """
    require_maintainer(actor)
    tokenizer = {"tokenizer": family.tokenizer, "tokenizer_sha256": family.tokenizer_sha256}
    series, fresh = ModelSeries.objects.get_or_create(slug=slug, defaults={"name": name, **tokenizer})
    if not fresh:
        raise Conflict(f"There is a series {slug!r}.", code="series-exists", fields={"slug": ["is taken"]})
    record_event(
        actor=actor,
        action="series.founded",
        subject=f"series:{slug}",
        evidence=Evidence(details={"family": family.slug, **tokenizer}),
    )
    join_series(actor, family, series)
    return series


@transaction.atomic
def join_series(actor: Actor, family: ModelFamily, series: ModelSeries) -> ModelFamily:
    """Let a family join; it stays, so that nobody is distilled from another vocabulary by mistake.

    Raises:
        NotPermitted: ``not-a-maintainer``. Conflict: ``tokenizer-differs``, ``family-in-a-series``.
    """
    require_maintainer(actor)
    family = ModelFamily.objects.select_for_update(of=("self",)).get(pk=family.pk)
    if family.series_id is not None:
        raise Conflict(f"{family} belongs to a series already.", code="family-in-a-series")
    if (family.tokenizer, family.tokenizer_sha256) != (series.tokenizer, series.tokenizer_sha256):
        raise Conflict(
            f"{family} reads other tokens than {series}.",
            code="tokenizer-differs",
            fields={"family": ["has another tokenizer"]},
            remedy="A series holds families of one tokenizer; found another for this one.",
        )
    ModelFamily.objects.filter(pk=family.pk).update(series=series)
    family.series = series
    record_event(
        actor=actor,
        action="series.joined",
        subject=f"series:{series.slug}",
        evidence=Evidence(details={"family": family.slug}),
    )
    return family
