"""Whether a base is what its document says: computed again from the bytes, by anybody (INV-5)."""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.merge.architecture import ArchitectureConfig
from training.merge.errors import MergeError
from training.merge.initial import initial_weights
from training.merge.inputs import opened_inputs
from training.merge.merging import run
from training.merge.plan import MergePlan, plan_merge
from training.merge.recipe import CODE_VERSION
from training.merge.resolving import Resolved, find_coefficients
from training.merge.rules import RULES
from training.merge.sums import Sums
from training.tensors import LayoutError

CLOSE: Final = 1e-9
"""How far a recipe's coefficient may be from what its rule gives: a machine's last digits, and rounding."""
INITIAL: Final = "initial"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a stable code, and prose.

    Codes are those of MergeError and LayoutError, for inputs that can not be merged as the recipe says, and
    document-malformed, code-version-unknown, base-missing, contribution-missing, state-input-differs,
    coefficients-missing, coefficients-off, weights-differ, state-differ.
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What came out: nothing found means that the base is what its document says.

    ``weights_sha256`` and ``state_sha256`` are of what was computed; empty where it was not.
    """

    findings: tuple[Finding, ...]
    weights_sha256: str = ""
    state_sha256: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


class _Closed(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class _Bytes(_Closed):
    sha256: Sha256


class _Recipe(_Closed):
    parent: Sha256 | None
    contributions: list[str]
    rule: str
    parameters: dict[str, Any]
    server: dict[str, Any] | None = None
    codec: str
    code_version: str


class _Document(_Closed):
    type: Literal["tapestry-checkpoint-v1"]
    recipe: _Recipe
    weights: _Bytes
    server_state: _Bytes | None = None


def verify_checkpoint(
    document: Mapping[str, Any],
    *,
    base: Path | None,
    updates: Mapping[str, Path],
    state: Path | None = None,
) -> Verification:
    """Compute a base again by its recipe, and hold hashes and found coefficients against the document.

    Nothing is written but the initial weights of a family, for a moment. That the files are those that the
    parent and the contributions name is for the caller to check, who has their documents.

    Args:
        document: as `checkpoint_document` made it, read from JSON; anything else becomes a finding.
        base: the parent's weights; None where the recipe has no parent.
        updates: the file of each update by its contribution's digest; others are ignored.
        state: the state of the parent's server, where the recipe names one.

    Raises:
        OSError: a file cannot be read.
    """
    try:
        given = _Document.model_validate(dict(document))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])[:100]
        return _only("document-malformed", f"{place}: {first['msg']}")
    if given.recipe.code_version != CODE_VERSION:
        return _only("code-version-unknown", f"{given.recipe.code_version[:50]!r} is not {CODE_VERSION}")
    if given.recipe.rule not in {*RULES, INITIAL}:
        return _only("rule-unknown", f"nothing says how to compute {given.recipe.rule[:50]!r} weights")
    try:
        return _initial(given) if given.recipe.rule == INITIAL else _merged(given, base, updates, state)
    except (MergeError, LayoutError) as error:
        return _only(error.code, error.detail)


def _merged(
    given: _Document, base: Path | None, updates: Mapping[str, Path], state: Path | None
) -> Verification:
    recipe = given.recipe
    missing = [digest for digest in recipe.contributions if digest not in updates]
    if missing:
        return _only("contribution-missing", f"the update of {missing[0][:64]} is not here")
    if base is None:
        return _only("base-missing", "the parent's weights are not here")
    if len(set(recipe.contributions)) != len(recipe.contributions):
        return _only("duplicate-contribution", "a contribution stands twice in the recipe")
    plan = plan_merge(
        base,
        {digest: updates[digest] for digest in recipe.contributions},
        rule=recipe.rule,
        parameters=recipe.parameters,
        server=recipe.server,
        state=state,
        codec=recipe.codec,
    )
    weights, kept = hashlib.sha256(), hashlib.sha256()
    with opened_inputs(plan) as inputs:
        resolved, sums = run(inputs, weights.update, kept.update if plan.arrays else None)
    said = given.server_state.sha256 if given.server_state else ""
    found = Verification((), weights.hexdigest(), kept.hexdigest() if plan.arrays else "")
    findings = [
        *_check_input(plan),
        *_check_coefficients(plan, resolved, sums),
        *_differ("weights-differ", given.weights.sha256, found.weights_sha256),
        *_differ("state-differ", said, found.state_sha256),
    ]
    return Verification(tuple(findings), found.weights_sha256, found.state_sha256)


def _initial(given: _Document) -> Verification:
    """Base 0 of a family: a function of its architecture and seed."""
    parameters = given.recipe.parameters
    try:
        config = ArchitectureConfig.model_validate(parameters.get("architecture"))
    except ValidationError as error:
        return _only("parameters-invalid", str(error.errors()[0]["msg"]))
    seed = parameters.get("seed")
    if type(seed) is not int:
        return _only("parameters-invalid", "the seed is a whole number")
    with tempfile.TemporaryDirectory() as folder:
        sha256 = initial_weights(config, seed, Path(folder) / "base").sha256
    return Verification(tuple(_differ("weights-differ", given.weights.sha256, sha256)), sha256)


def _check_input(plan: MergePlan) -> list[Finding]:
    if plan.state is None or plan.server_said is None:
        return []
    with plan.state.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return _differ("state-input-differs", str(plan.server_said["state"]), found)


def _check_coefficients(plan: MergePlan, resolved: Resolved, sums: Sums) -> list[Finding]:
    if not plan.rule.found or resolved.coefficients is None:
        return []
    if getattr(plan.parameters, "coefficients", None) is None:
        return [Finding("coefficients-missing", f"a recipe of {plan.rule.name} states its coefficients")]
    anew = find_coefficients(plan.parameters, plan.digests, sums["gram"])
    return [
        Finding("coefficients-off", f"{digest} counts {float(said)}, the rule gives {float(anew[digest])}")
        for digest, said in resolved.coefficients.items()
        if abs(said - anew[digest]) > CLOSE
    ]


def _differ(code: str, said: str, found: str) -> list[Finding]:
    if said == found:
        return []
    return [Finding(code, f"the document says {said or 'nothing'}, computed was {found or 'nothing'}")]


def _only(code: str, detail: str) -> Verification:
    return Verification((Finding(code, detail),))
