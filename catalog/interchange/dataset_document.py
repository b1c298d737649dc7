"""One entry as DCAT 3 with its policy (ODRL) and origin (PROV-O), aligned with DCAT-AP 3.0.1."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.interchange import authorities
from catalog.interchange.addresses import absolute, dataset_address, version_address
from catalog.interchange.context import load_context
from catalog.interchange.disclosure import Pinned, readable_record
from catalog.interchange.distributions import distributions
from catalog.interchange.usage_policy import usage_policy
from catalog.lifecycle.standing import Standing, standings_of
from catalog.members.models import Member
from catalog.tiers import RULES, Tier
from provenance.actors import Actor


def dataset_document(version: DatasetVersion, actor: Actor) -> dict[str, Any]:
    """Return a JSON-LD document of its own; see `dataset_node`."""
    standing = standings_of(actor, [version.dataset]).get((version.dataset_id, None))
    return {"@context": load_context("catalog-1"), **dataset_node(version, actor, standing=standing)}


def dataset_node(
    version: DatasetVersion,
    actor: Actor,
    *,
    known: frozenset[Pinned] | None = None,
    standing: Standing | None = None,
) -> dict[str, Any]:
    """Describe an entry by its newest version, as far as ``actor`` may read.

    The caller has checked that the actor may discover it. Needs no query when dataset, member and files were
    fetched along and ``known`` says which sources the actor may discover. Details are left out where the tier
    keeps them in the consortium; then the summary stands for the description, which DCAT-AP requires. Of
    tombstones and of sealed entries only what is said of every entry is left.
    """
    record = readable_record(actor, version, known=known)
    identity = {**_identity(version), **_status(version.dataset, standing)}
    if "summary" not in record:
        return identity
    described = _description(version, record)
    return {**identity, **described, "distribution": distributions(version, actor)}


def _identity(version: DatasetVersion) -> dict[str, Any]:
    dataset, tier = version.dataset, Tier(version.tier)
    address = dataset_address(dataset)
    return {
        "@id": address,
        "@type": ["dcat:Dataset", "prov:Entity"],
        "identifier": dataset.slug,
        "title": version.titles,
        "landingPage": {"@id": address, "@type": "foaf:Document"},
        "version": str(version.number),
        "hasCurrentVersion": version_address(version),
        "issued": dataset.created_at.isoformat(),
        "modified": version.published_at.isoformat(),
        "generatedAtTime": version.published_at.isoformat(),
        "digest": version.digest,
        "publisher": member_node(dataset.member),
        "wasAttributedTo": member_address(dataset.member),
        "accessRights": authorities.access_right(tier),
        "confidentiality": RULES[tier].spdx_confidentiality,
        "tier": str(tier),
    }


def _status(dataset: Dataset, standing: Standing | None) -> dict[str, Any]:
    if dataset.state == Dataset.State.WITHDRAWN:
        return {"status": authorities.status("WITHDRAWN")}
    if standing is None:
        return {"status": authorities.status("COMPLETED")}
    heir = {"isReplacedBy": dataset_address(standing.successor)} if standing.successor else {}
    return {"status": authorities.status("DEPRECATED"), **heir}


def _description(version: DatasetVersion, record: Mapping[str, Any]) -> dict[str, Any]:
    address, tier = dataset_address(version.dataset), Tier(version.tier)
    return {
        "abstract": record["summary"],
        "description": record.get("description", record["summary"]),
        **_optional(version, record),
        "theme": [authorities.theme(code) for code in record["themes"]],
        "language": [found for tag in record["languages"] if (found := authorities.language(tag))],
        "languageShare": [_share(item) for item in version.languages],
        "artifactType": record["artifact_type"],
        "modality": record["modality"],
        "represents": record["represents"],
        "permittedStage": record["permitted_stages"],
        "hasPolicy": usage_policy(target=address, tier=tier, rights=record["rights"]),
    }


def member_address(member: Member) -> str:
    """Return the address that names a member."""
    return absolute(member.get_absolute_url())


def member_node(member: Member) -> dict[str, Any]:
    """Describe a member as an agent."""
    return {"@id": member_address(member), "@type": ["foaf:Agent", "foaf:Organization"], "name": member.name}


def _optional(version: DatasetVersion, record: Mapping[str, Any]) -> dict[str, Any]:
    """What some versions do not have, or not for this reader."""
    answered = ((name, convert, record.get(field)) for field, name, convert in _OPTIONAL)
    found = {name: convert(value) for name, convert, value in answered if value}
    return {**found, "versionNotes": version.change_note} if version.change_note else found


def _contact(contact: Mapping[str, Any]) -> dict[str, Any]:
    return {"@type": "vcard:Kind", "fn": contact["name"], "hasEmail": f"mailto:{contact['email']}"}


def _origin(origin: str) -> dict[str, Any]:
    return {"@type": "dcterms:ProvenanceStatement", "label": origin}


def _creators(creators: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_creator(each) for each in creators]


def _places(codes: Sequence[str]) -> list[dict[str, Any]]:
    return [authorities.place(code) for code in codes]


def _sources(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    return [absolute(f"/datasets/{each['dataset']}/versions/{each['version']}/") for each in sources]


def _as_it_is(value: Any) -> Any:
    return value


def _creator(creator: Mapping[str, Any]) -> dict[str, Any]:
    node = {"@type": "foaf:Agent", "name": creator["name"]}
    return {"@id": creator["address"], **node} if creator.get("address") else node


def _period(period: Mapping[str, Any]) -> dict[str, Any]:
    days = {f"{side}Date": period[side] for side in ("start", "end") if period.get(side)}
    return {"@type": "dcterms:PeriodOfTime", **days}


def _share(item: dict[str, Any]) -> dict[str, Any]:
    known = {"share": str(item["share"])} if item.get("share") is not None else {}
    return {"tag": item["tag"], **known}


_OPTIONAL: Final[tuple[tuple[str, str, Callable[[Any], Any]], ...]] = (
    ("contact", "contactPoint", _contact),
    ("origin", "provenance", _origin),
    ("creators", "creator", _creators),
    ("keywords", "keyword", _as_it_is),
    ("regions", "spatial", _places),
    ("temporal", "temporal", _period),
    ("embargo_until", "available", _as_it_is),
    ("located_at", "page", _as_it_is),
    ("sources", "wasDerivedFrom", _sources),
)
