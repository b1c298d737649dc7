"""How a model family begins: a base that anyone can compute again from its architecture and seed (INV-5)."""

from django.db import transaction

from provenance.actors import Actor
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import record_checkpoint
from training.families.models import ModelFamily
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
    with transaction.atomic():
        family, fresh = ModelFamily.objects.get_or_create(
            slug=slug,
            defaults={"name": name, "architecture": architecture.model_dump(mode="json"), "seed": seed},
        )
        if not fresh or Checkpoint.objects.filter(weights_sha256=initial.sha256, parent=None).exists():
            raise Conflict(
                f"There is a family {slug!r}, or one with this architecture and seed.", code="family-exists"
            )
        checkpoint = record_checkpoint(
            family,
            parent=None,
            recipe=recipe(
                parent_digest=None,
                contribution_digests=[],
                rule="initial",
                parameters={"architecture": family.architecture, "seed": seed},
            ),
            weights_sha256=initial.sha256,
            weights_bytes=initial.bytes,
        )
        record_event(
            actor=actor,
            action="family.founded",
            subject=f"family:{slug}",
            evidence=Evidence(outputs=[checkpoint.digest], details={"seed": seed}),
        )
    return family


def _store_initial(architecture: ArchitectureConfig, seed: int) -> Initial:
    with scratch_folder() as folder:
        weights = folder / "base.safetensors"
        initial = initial_weights(architecture, seed, weights)
        store_file(weights, sha256=initial.sha256)
    return initial
