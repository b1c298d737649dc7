"""A manifest as it arrives: whose key it names, whether the pinned coordinator signed it, if it holds."""

from datetime import UTC, datetime
from typing import Any

from provenance.signing.errors import SigningError
from training.manifest import JobManifest, ManifestError, open_manifest
from training.node import trust
from training.node.errors import Held, Refused
from training.node.home import NodeHome
from training.node.jobs.journal import predicate_of


def accepted(home: NodeHome, envelope: dict[str, Any]) -> JobManifest:
    """Open a job's manifest with the pinned key; it may name the key in force or one that was rotated.

    Raises:
        Held: ``clock-behind`` when it was issued in what is the future here.
        Refused: with the manifest's own code.
    """
    key = trust.pinned(home)
    signers = {str(item.get("keyid")): key for item in envelope.get("signatures", [])[:1]}
    now = datetime.now(UTC)
    try:
        return open_manifest(envelope, keys=signers, now=now, node_did=_own_did(home, envelope))
    except ManifestError as error:
        if error.code == "not-yet-valid":
            told = f"the manifest is {error}, and this machine's clock reads {now:%Y-%m-%d %H:%M:%S}Z: set it"
            raise Held("clock-behind", told) from None
        raise Refused(error.code, str(error)) from None
    except SigningError as error:
        raise Refused(error.code, str(error)) from None


def _own_did(home: NodeHome, envelope: dict[str, Any]) -> str:
    named = str(predicate_of(envelope).get("node", ""))
    return named if home.key_named(named) else home.key.did
