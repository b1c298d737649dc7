"""Whether the updates in a base are those that nodes signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from provenance.signing.dsse import open_envelope, payload_digest
from provenance.signing.errors import SigningError
from provenance.signing.keys import PublicKey
from provenance.signing.statements import PREDICATE_CONTRIBUTION, parse_statement
from training.contributions.statement import SUBJECT_NAME, ContributionPredicate
from training.merge.verifying import Finding
from training.node.verifying.bundles import MergedUpdate, Origin


@dataclass(frozen=True, slots=True)
class Named:
    """The file of each update by its contribution's digest, as sha256; what is wrong; what is not shown."""

    files: Mapping[str, str]
    findings: tuple[Finding, ...]
    withheld: int


def read_statements(origin: Origin) -> Named:
    """Return which files the contributions of a base are, on the word of the nodes that signed.

    A contribution's digest is the sha256 of what was signed, so a statement can not be exchanged. One that is
    withheld leaves the coordinator's word on its file.

    Findings: ``contribution-unnamed``, ``contribution-differs``, ``signature-invalid``,
    ``statement-mismatch``.
    """
    told = {update.digest: update for update in origin.contributions}
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for digest in origin.made.recipe.contributions:
        update = told.get(digest)
        if update is None:
            findings.append(Finding("contribution-unnamed", f"nothing is told of contribution {digest}"))
            continue
        files[digest] = update.weights_sha256
        if update.statement is not None:
            findings += _check(update, update.statement, origin.made.recipe.codec)
    withheld = sum(told[digest].statement is None for digest in files)
    return Named(files, tuple(findings), withheld)


def _check(update: MergedUpdate, envelope: Mapping[str, Any], codec: str) -> list[Finding]:
    who = f"contribution {update.digest[:12]} of {update.node}"
    try:
        if payload_digest(envelope) != update.digest:
            return [Finding("contribution-differs", f"{who}: the statement has another digest")]
        signer = str(envelope["signatures"][0]["keyid"])
        opened = open_envelope(envelope, keys={signer: PublicKey.from_did(signer)})
        stated = parse_statement(opened.payload, predicate_type=PREDICATE_CONTRIBUTION)
        said = ContributionPredicate.model_validate(stated.predicate)
    except SigningError as error:
        return [Finding("signature-invalid", f"{who}: {error.detail or error.code}")]
    except ValidationError as error:
        return [Finding("statement-mismatch", f"{who}: {error.errors()[0]['msg']}")]
    subjects = [(subject.name, subject.sha256) for subject in stated.subjects]
    expected = (signer, codec, [(SUBJECT_NAME, update.weights_sha256)])
    if (said.node, said.codec, subjects) != expected:
        return [Finding("statement-mismatch", f"{who}: signed was another key, codec or file")]
    return []
