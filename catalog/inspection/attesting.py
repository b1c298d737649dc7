"""Facts about local-only data, as the node that holds them signed them (DG:6, DM:12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from pydantic import ValidationError

from catalog.datasets.files import FileEntry
from catalog.facts import EntryFacts
from catalog.members.keys import is_active_node
from catalog.members.models import Member
from provenance.errors import Invalid
from provenance.signing.attestations import SignedDescription, read_description
from provenance.signing.canonical import digest
from provenance.signing.dsse import bare_envelope
from provenance.signing.errors import SigningError

FAST_CLOCK: Final = timedelta(minutes=5)  # by which a node's clock may be ahead of ours
HOW_TO_DESCRIBE: Final = (
    "Run tapestry-node describe on the node that holds the data, and paste all that it prints."
)

Identity = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What a node said: ``files`` as a manifest has them, and ``facts`` where it computed any.

    ``did`` is the node's did:key; ``envelope`` holds what is signed and nothing else, ``statement_digest`` is
    its address in the lineage.
    """

    files: list[dict[str, Any]]
    facts: EntryFacts | None
    did: str
    statement_digest: str
    envelope: dict[str, Any]

    def covers(self, files: Sequence[Mapping[str, Any]]) -> bool:
        """Tell whether these are the very files that were described, no more and no fewer."""
        return identities(self.files) == identities(files)


def identities(files: Sequence[Mapping[str, Any]]) -> set[Identity]:
    """Return path, sha256 and size of each file: what makes two lists speak of the same bytes."""
    return {(str(file["path"]), str(file["sha256"]), int(file["bytes"])) for file in files}


def read_attestation(envelope: Mapping[str, Any], *, member: Member) -> Attestation:
    """Read what ``tapestry-node describe`` printed, if an active node of the member signed it.

    Raises:
        Invalid: ``attestation-malformed``, also for tampered ones; ``attestation-signer-unknown``, for nodes
            that are foreign, suspended or revoked; ``attestation-from-the-future``;
            ``attestation-contradictory``, when facts and files do not fit; ``attestation-with-sketch``.
    """
    try:
        said = read_description(envelope)
        bare = bare_envelope(envelope)
    except SigningError as error:
        raise refusal(f"The description can not be read: {error.detail}", "attestation-malformed") from None
    _check_signer(said, member)
    return Attestation(
        files=_read_files(said),
        facts=_read_facts(said),
        did=said.node,
        statement_digest=digest(bare),
        envelope=bare,
    )


def refusal(message: str, code: str, remedy: str = HOW_TO_DESCRIBE) -> Invalid:
    """Return the error that says what is wrong with a description."""
    return Invalid(message, code=code, requirement="DM:12", fields={"manifest": [message]}, remedy=remedy)


def _check_signer(said: SignedDescription, member: Member) -> None:
    if not is_active_node(said.node, member.slug):
        raise refusal(
            f"No active node of {member} has the key that signed this description.",
            "attestation-signer-unknown",
            "Enrol the node that holds the data, or wait until two maintainers have let it in.",
        )
    if said.described_at > timezone.now() + FAST_CLOCK:
        raise refusal(
            "This description was made in the future.",
            "attestation-from-the-future",
            "Set the node's clock, and describe the data again.",
        )


def _read_files(said: SignedDescription) -> list[dict[str, Any]]:
    try:
        entries = [FileEntry.model_validate({**file, "storage": "pointer"}) for file in said.files]
    except ValidationError as refused:
        first = refused.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise refusal(
            f"A file is not described well: {where}: {first['msg']}.", "attestation-malformed"
        ) from None
    if len({entry.path for entry in entries}) < len(entries):
        raise refusal("The description names one path twice.", "attestation-malformed")
    return [entry.as_manifest() for entry in entries]


def _read_facts(said: SignedDescription) -> EntryFacts | None:
    if said.facts is None:
        return None
    try:
        facts = EntryFacts.model_validate(said.facts)
    except ValidationError as refused:
        where = ".".join(map(str, refused.errors(include_url=False)[0]["loc"]))
        raise refusal(f"Its facts are not as ours: {where}.", "attestation-malformed") from None
    if not _fits(facts, [int(file["bytes"]) for file in said.files]):
        raise refusal("Its facts are about other files than it lists.", "attestation-contradictory")
    if facts.sketch:
        raise refusal(
            "The description holds a sketch, which would tell whether a known text is in the data.",
            "attestation-with-sketch",
            "Describe the data with the program of this version, which leaves the sketch out.",
        )
    return facts


def _fits(facts: EntryFacts, sizes: Sequence[int]) -> bool:
    """Files that the node could not look into are in the list and not in the numbers."""
    if facts.files == len(sizes):
        return facts.bytes == sum(sizes)
    return facts.files < len(sizes) and facts.bytes <= sum(sizes) and bool(facts.remarks)
