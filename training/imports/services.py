"""A model of elsewhere enters the catalog: its bytes, origin and licence (DM:12, DM:16)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from huggingface_hub import metadata_load
from yaml import YAMLError

from catalog.datasets.vocabulary import UNKNOWN_LICENCE, check_licence
from catalog.intake.licences import licence_named
from catalog.members.models import User
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event
from provenance.lineage.models import Artifact, ArtifactKind, Statement
from provenance.lineage.services import register_artifact
from provenance.signing.canonical import digest as canonical_digest
from provenance.signing.statements import PREDICATE_IMPORT, Subject
from training.families.models import ImportedModel
from training.imports.converting import Converted, convert
from training.imports.folder import SourceModel, read_folder
from training.scratch import scratch_folder, store_file
from training.statements import attest

DOCUMENT_TYPE: Final = "tapestry-imported-model-v1"
README: Final = "README.md"


def import_model(
    actor: Actor, folder: Path, *, name: str, source: str, revision: str = "", licence: str = ""
) -> ImportedModel:
    """Take a folder of a Transformers model: convert its weights, keep them, sign what was read.

    Only numbers are read: safetensors, ``config.json``, ``tokenizer.json``. ``licence`` is an SPDX
    expression; without one the model card's own word counts. The same files again give the same row.

    Raises:
        ImportRefused: the folder is no model that we can train. Invalid: ``licence-missing``,
            ``licence-malformed``, ``name-missing``.
    """
    if not name.strip():
        raise Invalid("Give the model a name.", code="name-missing", fields={"name": ["is needed"]})
    licence = _licence(folder, licence)
    model = read_folder(folder)
    with scratch_folder() as scratch:
        weights = scratch / "model.safetensors"
        converted = convert(model.shards, model.architecture, weights)
        store_file(weights, sha256=converted.sha256)
    tokenizer = next(file for file in model.files if file.path == "tokenizer.json")
    store_file(folder / tokenizer.path, sha256=tokenizer.sha256)
    document = describe_import(model, converted, source=source, revision=revision, licence=licence)
    return _record(actor, model, converted, document, name=name.strip())


def describe_import(
    model: SourceModel, converted: Converted, *, source: str, revision: str, licence: str
) -> dict[str, Any]:
    """Return the document whose digest is the model's address: enough to make the same bytes again."""
    return {
        "type": DOCUMENT_TYPE,
        "source": source,
        "revision": revision,
        "licence": licence,
        "architecture": model.architecture.model_dump(mode="json"),
        "files": model.listing(),
        "weights": {
            "sha256": converted.sha256,
            "bytes": converted.bytes,
            "convertedFrom": list(converted.dtypes),
        },
    }


@transaction.atomic
def _record(
    actor: Actor, model: SourceModel, converted: Converted, document: Mapping[str, Any], *, name: str
) -> ImportedModel:
    digest = canonical_digest(dict(document))
    known = ImportedModel.objects.filter(digest=digest).first()
    if known is not None:
        return known
    if ImportedModel.objects.filter(name=name).exists():
        raise Conflict("Another imported model has this name.", code="name-taken")
    tokenizer = next(file for file in model.files if file.path == "tokenizer.json")
    imported = ImportedModel.objects.create(
        digest=digest,
        name=name,
        source=document["source"],
        revision=document["revision"],
        licence=document["licence"],
        architecture=document["architecture"],
        tokenizer_sha256=tokenizer.sha256,
        tokenizer_bytes=tokenizer.bytes,
        weights_sha256=converted.sha256,
        weights_bytes=converted.bytes,
        document=document,
        statement=_attest(converted, document),
        imported_by=User.objects.get(pk=actor.key) if actor.kind is ActorKind.PERSON else None,
    )
    artifact_of(imported)
    record_event(
        actor=actor,
        action="model.imported",
        subject=f"model:{digest}",
        evidence=Evidence(
            artifact=digest,
            outputs=[digest],
            details={key: document[key] for key in ("source", "revision", "licence")},
        ),
    )
    return imported


def artifact_of(imported: ImportedModel) -> Artifact:
    """Return the model as the lineage knows it."""
    return register_artifact(
        digest=imported.digest,
        kind=ArtifactKind.IMPORTED_MODEL,
        name=imported.name,
        snapshot={
            "source": imported.source,
            "revision": imported.revision,
            "licence": imported.licence,
            "weights": imported.weights_sha256,
        },
    )


def _attest(converted: Converted, document: Mapping[str, Any]) -> Statement:
    return attest(
        subjects=[Subject("model.safetensors", converted.sha256)],
        predicate_type=PREDICATE_IMPORT,
        predicate=document,
    )


def _licence(folder: Path, given: str) -> str:
    """The expression that was given, else what the card in the folder says of itself."""
    said = given.strip() or licence_named(_card_licence(folder))
    if said in ("", UNKNOWN_LICENCE):
        raise Invalid(
            "The model card names no licence that SPDX lists.",
            code="licence-missing",
            requirement="DM:12",
            fields={"licence": ["an SPDX expression, such as Apache-2.0"]},
            remedy="Read its licence and name it.",
        )
    try:
        return check_licence(said)
    except ValueError as error:
        raise Invalid(str(error), code="licence-malformed", fields={"licence": [str(error)]}) from None


def _card_licence(folder: Path) -> str:
    card = folder / README
    if not card.is_file():
        return ""
    try:
        return str((metadata_load(card) or {}).get("license") or "")
    except (ValueError, AttributeError, YAMLError):  # a card is prose by anybody
        return ""
