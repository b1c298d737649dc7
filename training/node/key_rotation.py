"""A new key for this node: named by the old one, which then signs nothing but what still names it."""

import hashlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from provenance.signing.dsse import countersign, seal
from provenance.signing.keys import PrivateKey
from training.node.client import Coordinator
from training.node.durable import flush_folder
from training.node.errors import JobError, NodeError
from training.node.home import NodeHome

ROTATION: Final = "application/vnd.tapestry.key-rotation+json"
PATIENCE: Final = 10.0


def rotate(home: NodeHome) -> tuple[str, str]:
    """Make a new key, tell the coordinator, and put it in force; return (old DID, new DID).

    It may be repeated after any death: the new key lies in ``keys/next.key`` until it is in force, and the
    old one stays as ``keys/until-<time>-<digits>.key`` for the work that names it.

    Raises:
        NodeError: the coordinator is away or refuses; the old key stays in force.
    """
    old, waiting = home.key, home.keys / "next.key"
    new = PrivateKey.load_or_create(waiting)
    payload = {"node": old.did, "next": new.did, "at": datetime.now(UTC).isoformat()}
    envelope = seal(payload, key=old, key_id=old.did, payload_type=ROTATION)
    envelope = countersign(envelope, key=new, key_id=new.did)
    with closing(Coordinator.of(home, patience=PATIENCE)) as coordinator:
        try:
            coordinator.post("/api/v1/node/key", {"envelope": envelope})
        except JobError as error:
            if not _took(coordinator, new):
                raise error from None
    _put_in_force(home, waiting, old)
    return old.did, new.did


def _took(coordinator: Coordinator, new: PrivateKey) -> bool:
    """Whether the coordinator knows the new key already: an earlier rotation died before its last step."""
    coordinator.use_key(new)
    try:
        return coordinator.get("/api/v1/node/self").get("did") == new.did
    except NodeError:
        return False


def _put_in_force(home: NodeHome, waiting: Path, old: PrivateKey) -> None:
    current = home.keys / "node.key"
    digits = hashlib.sha256(old.did.encode()).hexdigest()[:8]
    kept = home.keys / f"until-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{digits}.key"
    if not any(home.keys.glob(f"until-*-{digits}.key")):
        kept.hardlink_to(current)
    waiting.replace(current)
    flush_folder(home.keys)
