"""How a model family begins: a base that anyone can compute again (INV-5), or that was made elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from provenance.actors import Actor
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event
from provenance.lineage.models import Artifact
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import Stored, record_checkpoint
from training.families.head import move_head
from training.families.models import ImportedModel, ModelFamily
from training.merge import ArchitectureConfig, Initial, initial_weights, recipe
from training.scratch import scratch_folder, store_file
from training.voices import require_maintainer

LARGEST_SEED = 2**53 - 1


def found_family(
    actor: Actor, slug: str, name: str, architecture: ArchitectureConfig, seed: int
) -> ModelFamily:
    """Found a family and store its base 0. The weights are written before the transaction begins.

    Raises:
        NotPermitted: ``not-a-maintainer``. Invalid: ``seed-out-of-range``. Conflict: ``family-exists``.
    """
    require_maintainer(actor)
    if not 0 <= seed <= LARGEST_SEED:
        raise Invalid("A seed lies between 0 and 2**53 - 1.", code="seed-out-of-range")
    initial = _store_initial(architecture, seed)
    values = {"name": name, "architecture": architecture.model_dump(mode="json"), "seed": seed}
    return _found(
        actor,
        slug,
        values,
        rule="initial",
        parameters={"architecture": values["architecture"], "seed": seed},
        weights=initial,
    )


def found_family_from(actor: Actor, slug: str, name: str, imported: ImportedModel) -> ModelFamily:
    """Found a family whose base 0 is an imported model, with its tokenizer and its provenance.

    Raises:
        NotPermitted: ``not-a-maintainer``. Conflict: ``family-exists``.
    """
    require_maintainer(actor)
    values = {
        "name": name,
        "architecture": imported.architecture,
        "seed": 0,
        "tokenizer": "tokenizer.json",
        "tokenizer_sha256": imported.tokenizer_sha256,
        "tokenizer_bytes": imported.tokenizer_bytes,
        "imported": imported,
    }
    return _found(
        actor,
        slug,
        values,
        rule="imported",
        parameters={"model": imported.digest},
        weights=Initial(imported.weights_sha256, imported.weights_bytes),
        made_from=[Artifact.objects.get(digest=imported.digest)],
    )


@transaction.atomic
def _found(
    actor: Actor,
    slug: str,
    values: Mapping[str, Any],
    *,
    rule: str,
    parameters: Mapping[str, Any],
    weights: Initial,
    made_from: Sequence[Artifact] = (),
) -> ModelFamily:
    family, fresh = ModelFamily.objects.get_or_create(slug=slug, defaults=dict(values))
    if not fresh or Checkpoint.objects.filter(weights_sha256=weights.sha256, parent=None).exists():
        raise Conflict(
            f"There is a family {slug!r}, or one that begins with the same weights.", code="family-exists"
        )
    checkpoint = record_checkpoint(
        family,
        parent=None,
        recipe=recipe(parent_digest=None, contribution_digests=[], rule=rule, parameters=parameters),
        stored=Stored(weights.sha256, weights.bytes),
        made_from=made_from,
    )
    move_head(family, checkpoint)
    record_event(
        actor=actor,
        action="family.founded",
        subject=f"family:{slug}",
        evidence=Evidence(
            parents=[artifact.digest for artifact in made_from],
            outputs=[checkpoint.digest],
            details={"seed": values["seed"]},
        ),
    )
    return family


def _store_initial(architecture: ArchitectureConfig, seed: int) -> Initial:
    with scratch_folder() as folder:
        weights = folder / "base.safetensors"
        initial = initial_weights(architecture, seed, weights)
        store_file(weights, sha256=initial.sha256)
    return initial
