"""From the facts of files to the facts of a version: once per inspector, with its event (INV-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from catalog.datasets.models import DatasetFile, DatasetVersion, audience_of
from catalog.facts import INSPECTOR, EntryFacts, FileFacts, combine
from catalog.facts.model import Remark
from catalog.inspection.models import EntryFacts as EntryFactsRow
from catalog.inspection.models import Inspection
from catalog.inspection.overlapping import keep_bands, keep_overlaps
from catalog.inspection.reaping import concludable
from catalog.inspection.states import InspectionState
from provenance.actors import COORDINATOR, Actor
from provenance.events.services import Evidence, record_event

MOST_REMARKS: Final = 200
# Two versions that conclude at once would each look before the other's bands are there.
_ONE_AFTER_THE_OTHER: Final = "facts of versions"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file of a version with what became of its inspection."""

    file: DatasetFile
    inspection: Inspection


@transaction.atomic
def conclude(version_id: int) -> EntryFactsRow | None:
    """Compute and keep the facts of a version whose files are all looked at; None where it is not time.

    Refused files are remarked on and counted in no number. Doing it twice does it once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_ONE_AFTER_THE_OTHER])
    version = concludable().select_related("dataset__member").filter(pk=version_id).first()
    if version is None:
        return None
    looked = _looked_at(version)
    facts = _combine(looked)
    refused = sum(each.inspection.state == InspectionState.REFUSED for each in looked)
    row = keep_facts(version=version, facts=facts, actor=COORDINATOR, refused=refused)
    keep_bands(version, facts.sketch)
    keep_overlaps(version, facts.sketch)
    return row


def keep_facts(
    *,
    version: DatasetVersion,
    facts: EntryFacts,
    actor: Actor,
    refused: int = 0,
    attested_by: str = "",
    statement: str = "",
) -> EntryFactsRow:
    """Write the facts of a version and their event.

    Raises:
        RuntimeError: outside a transaction.
    """
    row = EntryFactsRow.objects.create(
        version=version,
        inspector=facts.inspector,
        facts=facts.model_dump(mode="json"),
        attested_by=attested_by,
        statement=statement,
    )
    told = {"version": version.number, "inspector": facts.inspector, "refused": refused}
    record_event(
        actor=actor,
        action="dataset.facts-computed",
        subject=f"dataset:{version.dataset.slug}",
        audience=audience_of(version.tier, version.dataset.member.slug),
        evidence=Evidence(
            artifact=version.digest, details={**told, **({"statement": statement} if statement else {})}
        ),
    )
    return row


def _looked_at(version: DatasetVersion) -> list[Looked]:
    files = list(version.files.filter(storage=DatasetFile.Storage.BLOB).order_by("path"))
    found = Inspection.objects.filter(inspector=INSPECTOR, sha256__in={file.sha256 for file in files})
    by_hash = {row.sha256: row for row in found}
    return [Looked(file, by_hash[file.sha256]) for file in files]


def _combine(looked: Sequence[Looked]) -> EntryFacts:
    done = [each for each in looked if each.inspection.state == InspectionState.DONE]
    facts = combine([renamed(each.inspection, each.file.path) for each in done])
    refused = [
        Remark(code=each.inspection.reason_code, message=f"{each.file.path}: {each.inspection.reason}")
        for each in looked
        if each.inspection.state == InspectionState.REFUSED
    ]
    return facts.model_copy(update={"remarks": (*refused, *facts.remarks)[:MOST_REMARKS]})


def renamed(inspection: Inspection, path: str) -> FileFacts:
    """Return a file's facts under its name in this version.

    Bytes are inspected once, under the name that whoever brought them first gave them; that name may be
    another member's secret.
    """
    facts = FileFacts.model_validate(inspection.facts)
    licences = tuple(
        licence.model_copy(update={"where": path + licence.where.removeprefix(facts.name)})
        if licence.where.startswith(facts.name)
        else licence
        for licence in facts.licences
    )
    return facts.model_copy(update={"name": path, "licences": licences})
