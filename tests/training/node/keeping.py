"""A folder from which bases can be computed again, made without a coordinator: its nodes sign, it merges."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from provenance.signing.canonical import digest
from provenance.signing.dsse import payload_digest, seal
from provenance.signing.keys import PrivateKey
from provenance.signing.statements import PREDICATE_CONTRIBUTION, Subject, statement
from tests.training.node.conftest import SMALL
from training.merge import checkpoint_document, initial_weights, merge, recipe


class Kept:
    """Such a folder, as ``tapestry-node verify base --keep`` leaves it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bases, self.blobs = folder, folder / "bases", folder / "blobs"
        self.bases.mkdir(parents=True)
        self.blobs.mkdir()
        self.first = self._found()
        self.head = self.first

    def told(self, name: str) -> dict[str, Any]:
        """What is told of a base."""
        return dict(json.loads((self.bases / f"{name}.json").read_text()))

    def rewrite(self, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change what is told of a base."""
        told = self.told(name)
        change(told)
        (self.bases / f"{name}.json").write_text(json.dumps(told))

    def grow(self, *, rule: str = "mean", server: str = "", **parameters: Any) -> str:
        """Merge three updates into the newest base; the digest of what comes out."""
        base = self.told(self.head)["document"]
        brought = [self._contribution(seed) for seed in (2, 3, 4)]
        files = {each["digest"]: self.blobs / each["weights_sha256"] for each in brought}
        state = base.get("server_state", {}).get("sha256")
        made = merge(
            self.blobs / base["weights"]["sha256"],
            files,
            self.folder / "made",
            rule=rule,
            parameters=parameters,
            server={"name": server, "state": state} if server else None,
            state=self.blobs / state if state else None,
            state_out=self.folder / "state",
        )
        said = recipe(
            parent_digest=self.head,
            contribution_digests=list(files),
            rule=rule,
            parameters=made.parameters,
            server=made.server,
        )
        (self.folder / "made").rename(self.blobs / made.sha256)
        if server:
            (self.folder / "state").rename(self.blobs / made.state_sha256)
        return self.tell(checkpoint_document(said, made.sha256, made.state_sha256), brought)

    def tell(self, document: dict[str, Any], contributions: list[dict[str, Any]]) -> str:
        """Write down a base as the newest one."""
        self.head = digest(document)
        told = {
            "digest": self.head,
            "family": "small",
            "number": len(list(self.bases.iterdir())),
            "standing": "base",
            "document": document,
            "weights_bytes": 0,
            "server_state_bytes": None,
            "contributions": contributions,
        }
        (self.bases / f"{self.head}.json").write_text(json.dumps(told))
        return self.head

    def _found(self) -> str:
        out = self.blobs / "initial"
        made = initial_weights(SMALL, 1, out)
        out.rename(self.blobs / made.sha256)
        parameters = {"architecture": SMALL.model_dump(mode="json"), "seed": 1}
        said = recipe(parent_digest=None, contribution_digests=[], rule="initial", parameters=parameters)
        return self.tell(checkpoint_document(said, made.sha256), [])

    def _contribution(self, seed: int) -> dict[str, Any]:
        out = self.blobs / "update"
        made, key = initial_weights(SMALL, seed, out), PrivateKey.from_seed(bytes([seed]) * 32)
        out.rename(self.blobs / made.sha256)
        figures = {"bytes": made.bytes, "steps": 1, "tokens": 1, "firstLoss": 5.0, "lastLoss": 4.0}
        predicate = {
            "jobId": "0" * 36,
            "roundId": "1",
            "attempt": 1,
            "node": key.did,
            "manifest": "1" * 64,
            "base": self.head,
            "inputs": [hashlib.sha256(b"text").hexdigest()],
            "codec": "fp32",
            **figures,
        }
        said = statement(
            subjects=[Subject("delta.safetensors", made.sha256)],
            predicate_type=PREDICATE_CONTRIBUTION,
            predicate=predicate,
        )
        envelope = seal(said, key=key, key_id=key.did)
        return {
            "digest": payload_digest(envelope),
            "node": f"node-{seed}",
            "codec": "fp32",
            "weights_sha256": made.sha256,
            "weights_bytes": made.bytes,
            "kept": True,
            "statement": envelope,
        }
