"""What the node signed and what the admission check found, as pages show them."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from training.admission.limits import DEFAULT_LIMITS
from training.contributions.models import Contribution

MOST_TENSORS: Final = 8


@dataclass(frozen=True, slots=True)
class Admission:
    """The check's findings, the norms of the whole update, and the tensors that moved most."""

    done: bool
    findings: list[Mapping[str, Any]]
    norm: float | None
    relative_norm: float | None
    elements: int
    tensors: list[tuple[str, Mapping[str, Any]]]
    limit: float = DEFAULT_LIMITS.global_relative_update


def admission_of(contribution: Contribution) -> Admission:
    """Read the stored report; before the check has run it is empty."""
    report = contribution.admission or {}
    tensors = sorted(report.get("per_tensor", {}).items(), key=_moved, reverse=True)
    return Admission(
        done=bool(report),
        findings=report.get("findings", []),
        norm=report.get("norm"),
        relative_norm=report.get("relative_norm"),
        elements=report.get("elements", 0),
        tensors=tensors[:MOST_TENSORS],
    )


def signed_words(contribution: Contribution, visible: frozenset[str]) -> str:
    """Return the statement that the node signed, as indented JSON.

    Inputs that the reader may not discover are left out, and the page says the same to everybody (INV-6).
    """
    said = json.loads(base64.b64decode(contribution.statement.envelope["payload"]))
    predicate = said.get("predicate")
    if isinstance(predicate, dict) and isinstance(predicate.get("inputs"), list):
        predicate["inputs"] = [digest for digest in predicate["inputs"] if digest in visible]
    return json.dumps(said, indent=2, ensure_ascii=False)


def _moved(entry: tuple[str, Mapping[str, Any]]) -> float:
    return float(entry[1].get("relative_norm") or 0)
