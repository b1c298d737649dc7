"""The signed report of a merge, read as numbers: what previews compute with instead of weights."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from provenance.lineage.models import Statement
from provenance.signing.statements import PREDICATE_MERGE
from training.checkpoints.models import Checkpoint


@dataclass(frozen=True, slots=True)
class Report:
    """Dot products of the updates of one merge, shape (updates, updates), in the order of ``digests``.

    Attributes:
        coefficients: how much each counted, by digest; None where the rule is not linear.
    """

    digests: tuple[str, ...]
    gram: NDArray[np.float64]
    coefficients: Mapping[str, float] | None

    def length(self, shares: Mapping[str, float]) -> float:
        """Return the Euclidean norm of the sum of the updates, each times its share (none: zero)."""
        parts = np.array([shares.get(digest, 0.0) for digest in self.digests])
        return float(np.sqrt(max(float(parts @ self.gram @ parts), 0.0)))

    def gram_of(self, digests: Sequence[str]) -> NDArray[np.float64]:
        """Return the dot products of some of the updates, in their order."""
        places = [self.digests.index(digest) for digest in digests]
        return self.gram[np.ix_(places, places)]


def report_of(base: Checkpoint) -> Report | None:
    """Return the numbers that the coordinator signed with a merge; None where it kept none."""
    statements = Statement.objects.filter(predicate_type=PREDICATE_MERGE, edges__source__digest=base.digest)
    statement = statements.distinct().first()
    said = _predicate(statement).get("report", {}) if statement else {}
    if not said.get("contributions") or "norms" not in said or "cosines" not in said:
        return None
    norms = np.array(said["norms"], dtype=np.float64)
    cosines = np.array(said["cosines"], dtype=np.float64)
    shares = said.get("coefficients")
    digests = tuple(said["contributions"])
    return Report(
        digests,
        cosines * np.outer(norms, norms),
        None if shares is None else dict(zip(digests, shares, strict=True)),
    )


def _predicate(statement: Statement) -> dict[str, Any]:
    return dict(json.loads(base64.b64decode(statement.envelope["payload"]))["predicate"])
