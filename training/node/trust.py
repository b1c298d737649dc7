"""The coordinator's key, pinned when the node enrols: trust lies in the key, not in the name beside it."""

import json
from typing import Any

from provenance.signing.errors import SigningError
from provenance.signing.keys import PublicKey
from training.node.errors import SetupError
from training.node.home import NodeHome

FILE = "coordinator.json"


def pin(home: NodeHome, document: dict[str, Any]) -> PublicKey:
    """Keep the key of a DID document for ever; a different key later needs the operator's hand.

    Raises:
        SetupError: ``coordinator-key`` when the document has no Ed25519 key or another key is pinned.
    """
    try:
        key = PublicKey.from_multibase(document["verificationMethod"][0]["publicKeyMultibase"])
    except (KeyError, IndexError, TypeError, SigningError) as error:
        raise SetupError(
            "coordinator-key", f"the coordinator's DID document has no usable key: {error}"
        ) from None
    path = home.folder / FILE
    if path.exists() and pinned(home) != key:
        raise SetupError(
            "coordinator-key",
            f"the coordinator now shows another key than the one pinned in {path}; delete that file only "
            "after you have asked the consortium why",
        )
    path.write_text(
        json.dumps({"id": document.get("id", ""), "key": key.multibase}, indent=2), encoding="utf-8"
    )
    return key


def pinned(home: NodeHome) -> PublicKey:
    """Return the pinned key.

    Raises:
        SetupError: ``coordinator-key`` before enrolment or when the file is damaged.
    """
    path = home.folder / FILE
    try:
        return PublicKey.from_multibase(json.loads(path.read_text(encoding="utf-8"))["key"])
    except (OSError, ValueError, KeyError, SigningError) as error:
        raise SetupError("coordinator-key", f"{path}: {error}; run 'tapestry-node enrol' first") from None
