"""Showing one sealed item to somebody, and checking what one was shown. Needs no node, and no network."""

from collections.abc import Mapping
from typing import Any, Final

from provenance.signing.attestations import read_seal
from provenance.signing.commitments import Opening, verify_opening
from training.node.errors import Refused
from training.node.own_data.sealing import KeptSeal

PROOF_TYPE: Final = "tapestry-proof-1"
FIELDS: Final = frozenset({"type", "commitment", "leaves", "opening"})


def prove(seal: KeptSeal, *, path: str | None) -> dict[str, Any]:
    """Return the document that proves one item: the file at ``path`` inside the dataset, or the record.

    Nothing of another item is in it, but their number is: each is one leaf.

    Raises:
        Refused: ``file-not-sealed``.
    """
    shown = next((opening for opening in seal.openings if _is(opening, path)), None)
    if shown is None:
        raise Refused("file-not-sealed", f"{path!r} is not among the files of this seal")
    return {
        "type": PROOF_TYPE,
        "commitment": seal.commitment,
        "leaves": sorted(opening.leaf for opening in seal.openings),
        "opening": shown.as_json(),
    }


def check_proof(proof: Mapping[str, Any], envelope: Mapping[str, Any] | None) -> tuple[dict[str, Any], str]:
    """Return the proven item, and who sealed it when; the latter is empty without the seal's envelope.

    Raises:
        Refused: ``proof-malformed``; ``proof-of-another-seal``, when the envelope seals something else.
        SigningError: the proof, or the envelope's signature, does not hold.
    """
    leaves = proof.get("leaves")
    if set(proof) != FIELDS or proof["type"] != PROOF_TYPE or not isinstance(leaves, list):
        raise Refused("proof-malformed", f"this is no proof of the type {PROOF_TYPE}")
    if not all(isinstance(leaf, str) for leaf in leaves):
        raise Refused("proof-malformed", "leaves are hex digits")
    item = verify_opening(str(proof["commitment"]), leaves, Opening.from_json(proof["opening"]))
    if envelope is None:
        return item, ""
    said = read_seal(envelope)
    if said.commitment != proof["commitment"]:
        raise Refused("proof-of-another-seal", f"the envelope seals {said.commitment}")
    return item, f"{said.node} at {said.sealed_at.isoformat()}"


def _is(opening: Opening, path: str | None) -> bool:
    if path is None:
        return "record" in opening.item
    file = opening.item.get("file")
    return isinstance(file, dict) and file.get("path") == path
