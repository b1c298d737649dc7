"""One base of a bundle, computed again and compared."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provenance.signing.canonical import digest as digest_of
from training.merge.verifying import Finding, verify_checkpoint
from training.node.client import hash_file
from training.node.errors import Refused
from training.node.verifying.bundles import Bundle, Origin, Recipe
from training.node.verifying.statements import read_statements

IMPORTED: Final = "imported"
"""The rule of a base 0 that was made elsewhere: there is nothing to compute."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out: no findings means the same bytes. ``withheld`` counts statements that were not shown."""

    origin: Origin
    findings: tuple[Finding, ...]
    withheld: int
    seconds: float

    @property
    def same(self) -> bool:
        """Whether the base is what its document says."""
        return not self.findings

    @property
    def recipe(self) -> Recipe:
        """How it was made."""
        return self.origin.made.recipe


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that a base is computed from, as its bundle names them."""

    base: Path | None
    updates: Mapping[str, Path]
    state: Path | None


def verify_base(bundle: Bundle, digest: str) -> Verdict:
    """Compute a base again from what its bundle holds, after everything there was held against its hash.

    Findings beside those of `training.merge.verifying` and `read_statements`: ``digest-differs``,
    ``parent-differs``, ``file-differs``. What is computed from other bytes says nothing, so it is not.

    Raises:
        Refused: ``base-not-here``, ``bytes-missing``, ``origin-malformed``.
    """
    started = time.perf_counter()
    origin = bundle.origin(digest)
    named = read_statements(origin)
    findings = [*_documents(bundle, origin, digest), *named.findings, *_files(bundle, origin, named.files)]
    if not findings and origin.made.recipe.rule != IMPORTED:
        given = inputs_of(bundle, origin, named.files)
        found = verify_checkpoint(origin.document, base=given.base, updates=given.updates, state=given.state)
        findings += found.findings
    return Verdict(origin, tuple(findings), named.withheld, time.perf_counter() - started)


def inputs_of(bundle: Bundle, origin: Origin, updates: Mapping[str, str]) -> Inputs:
    """Return where the files are that a base is computed from; ``updates`` by contribution, as sha256."""
    recipe = origin.made.recipe
    parent = bundle.origin(recipe.parent).made if recipe.parent is not None else None
    state = recipe.server.state if recipe.server is not None else None
    return Inputs(
        base=None if parent is None else bundle.blob(parent.weights.sha256),
        updates={digest: bundle.blob(sha256) for digest, sha256 in updates.items()},
        state=None if state is None else bundle.blob(state),
    )


def _documents(bundle: Bundle, origin: Origin, digest: str) -> Iterator[Finding]:
    """Hold the documents of a base and of its parent against the digests by which they are named."""
    if digest_of(origin.document) != digest:
        yield Finding("digest-differs", f"the document of {digest} has another digest")
    parent, server = origin.made.recipe.parent, origin.made.recipe.server
    if parent is None:
        return
    told = bundle.origin(parent)
    if digest_of(told.document) != parent:
        yield Finding("parent-differs", f"the document of the parent {parent} has another digest")
    left = told.made.server_state.sha256 if told.made.server_state else None
    if server is not None and server.state is not None and server.state != left:
        yield Finding("parent-differs", "the recipe names another server state than the parent left")


def _files(bundle: Bundle, origin: Origin, updates: Mapping[str, str]) -> Iterator[Finding]:
    """Hash every file that the base is computed from, or of an imported one the base itself."""
    made = origin.made
    wanted = {f"the update of {digest[:12]}": sha256 for digest, sha256 in updates.items()}
    if made.recipe.parent is not None:
        wanted["the parent's weights"] = bundle.origin(made.recipe.parent).made.weights.sha256
    if made.recipe.server is not None and made.recipe.server.state is not None:
        wanted["the parent's server state"] = made.recipe.server.state
    if made.recipe.rule == IMPORTED:
        wanted["the imported weights"] = made.weights.sha256
    for what, sha256 in wanted.items():
        path = bundle.blob(sha256)
        if not path.is_file():
            raise Refused("bytes-missing", f"{what} of {origin.name} are not here: {path}")
        if hash_file(path)[0].hex() != sha256:
            yield Finding("file-differs", f"{what}: {path} does not have the hash that is its name")
