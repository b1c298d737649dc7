"""From entries to what the index may know of them."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.design.languages import autonym
from catalog.search.index import Document
from catalog.tiers import RULES, Metadata, Tier
from catalog.vocabularies.reading import terms_of

# Inside its audience all of a sealed entry may be read; of the tiers between, the consortium alone reads more
# than the summary (FIELD.md §2, metadata shown).
_TOLD_TO_ITS_AUDIENCE = frozenset({Metadata.PUBLIC, Metadata.SEALED})


def newest_versions(datasets: Iterable[Dataset]) -> dict[int, DatasetVersion]:
    """Return the newest version of each entry by the entry's id, in one query."""
    versions = DatasetVersion.objects.filter(dataset__in=[dataset.pk for dataset in datasets])
    newest = versions.order_by("dataset_id", "-number").distinct("dataset_id")
    return {version.dataset_id: version for version in newest}


def documents_of(datasets: Iterable[Dataset]) -> Iterator[Document]:
    """Yield the document of each entry; its member is expected to be fetched along."""
    entries = list(datasets)
    versions = newest_versions(entries)
    for dataset in entries:
        yield document_of(dataset, versions[dataset.pk])


def document_of(dataset: Dataset, version: DatasetVersion) -> Document:
    """Return what the index holds of an entry whose newest version is ``version``."""
    description = _texts(version.record.get("description", {}))
    told = RULES[Tier(dataset.tier)].metadata in _TOLD_TO_ITS_AUDIENCE
    document = Document(
        slug=dataset.slug,
        audience=dataset.audience,
        stamp="",
        created=int(dataset.created_at.timestamp()),
        title=_texts(dataset.title),
        summary=_texts(dataset.summary),
        about=_about(dataset, version),
        description=description if told else "",
        details="" if told else description,
        facets={
            "tier": (dataset.tier,),
            "language": tuple(sorted(_languages(dataset.languages))),
            "license": _known(dataset.licence),
            "theme": tuple(sorted(dataset.themes)),
            "member": (dataset.member.slug,),
            "artifact_type": _known(dataset.artifact_type),
            "modality": _known(dataset.modality),
        },
    )
    content = json.dumps(asdict(document), sort_keys=True, ensure_ascii=False)
    stamp = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Document(**{**asdict(document), "stamp": stamp})


def _known(value: str) -> tuple[str, ...]:
    """A facet's value; none at all for a sealed entry, so that no filter offers an empty one."""
    return (value,) if value else ()


def _texts(per_language: dict[str, str]) -> str:
    return "\n".join(per_language[tag] for tag in sorted(per_language))


def _languages(tags: Iterable[str]) -> set[str]:
    """Each tag and its language without region and script: who asks for Portuguese means Brazil's too."""
    return {name for tag in tags for name in (tag, tag.split("-")[0])}


def _about(dataset: Dataset, version: DatasetVersion) -> str:
    """What people call an entry by that stands in none of its texts."""
    sealed = RULES[Tier(dataset.tier)].metadata is Metadata.SEALED
    names = [
        "sealed" if sealed else "",
        dataset.slug,
        dataset.member.name,
        dataset.artifact_type,
        str(version.record.get("represents", "")),
    ]
    themes = terms_of("theme", retired=True)
    names += [text for code in dataset.themes if code in themes for text in themes[code].labels.values()]
    names += [autonym(tag) for tag in dataset.languages]
    return "\n".join(names)
