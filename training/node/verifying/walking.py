"""From a base back to the first one, each computed again from a folder, or from what is fetched for it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from training.node.client import Coordinator
from training.node.own_data.listing import note
from training.node.verifying.bundles import Bundle, Origin
from training.node.verifying.computing import Verdict, verify_base
from training.node.verifying.gathering import LARGE, Gatherer
from training.node.verifying.writing import differing_tensors


@dataclass(frozen=True, slots=True)
class Supply:
    """Where the bytes come from: a ``folder`` that stays, the ``coordinator``, or it by way of the folder.

    Without a folder each base has its own for as long as it is looked at, below ``scratch``.
    """

    coordinator: Coordinator | None = None
    folder: Path | None = None
    scratch: Path | None = None

    @contextmanager
    def bundle(self, digest: str) -> Iterator[Bundle]:
        """Give a bundle with all that one base is computed from; raises as `Gatherer.bring` does."""
        if self.folder is not None:
            yield self._filled(Bundle(self.folder), digest)
            return
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix="verify-") as name:
            yield self._filled(Bundle(Path(name)), digest)

    def bring_weights(self, bundle: Bundle, origin: Origin) -> None:
        """Bring a base's own weights, where somebody can be asked for them."""
        if self.coordinator is not None:
            Gatherer(self.coordinator, bundle).bring_weights(origin)

    def _filled(self, bundle: Bundle, digest: str) -> Bundle:
        if self.coordinator is not None:
            Gatherer(self.coordinator, bundle).bring(digest)
        return bundle


def walk(supply: Supply, digest: str, *, chain: bool) -> Iterator[tuple[Verdict, list[str]]]:
    """Yield what came out of each base, with lines that name the tensors in which it differs.

    Raises:
        NodeError: the bytes are not to be had. MergeError, LayoutError: inputs of a rollback's step.
    """
    at: str | None = digest
    while at is not None:
        with supply.bundle(at) as bundle:
            _tell(bundle.origin(at))
            verdict = verify_base(bundle, at)
            lines = _tensors(supply, bundle, verdict)
        yield verdict, lines
        # Behind a document that is not the one that was asked for there is nothing to follow.
        known = all(finding.code != "digest-differs" for finding in verdict.findings)
        at = verdict.recipe.parent if chain and known else None


def _tell(origin: Origin) -> None:
    updates = origin.contributions
    if updates and origin.weights_bytes >= LARGE:
        note(f"computing {origin.name}: {len(updates)} updates on {origin.weights_bytes / 1e6:,.0f} MB")


def _tensors(supply: Supply, bundle: Bundle, verdict: Verdict) -> list[str]:
    if all(finding.code != "weights-differ" for finding in verdict.findings):
        return []
    supply.bring_weights(bundle, verdict.origin)
    return differing_tensors(bundle, verdict.origin)
