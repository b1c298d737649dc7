"""Bringing together what a base is computed from, through the coordinator's API with the node's key."""

from training.node.client import Coordinator
from training.node.errors import JobError, Refused
from training.node.own_data.listing import note
from training.node.verifying.bundles import Bundle, Origin
from training.node.verifying.computing import IMPORTED
from training.node.verifying.writing import write_again

LARGE = 64 << 20
"""Bytes from which on a file on its way is worth a line."""


class Gatherer:
    """Fills a bundle; what is there already is not fetched again."""

    def __init__(self, coordinator: Coordinator, bundle: Bundle) -> None:
        self._coordinator, self._bundle = coordinator, bundle

    def bring(self, digest: str) -> Origin:
        """Bring everything that the base with this digest is computed from.

        Raises:
            Refused: ``bytes-dropped`` when an update is kept by its hash only; ``origin-malformed``.
            NodeError: what the coordinator answers, or that it does not.
        """
        origin = self._told(digest)
        recipe = origin.made.recipe
        self._updates(origin)
        if recipe.parent is not None:
            parent = self._told(recipe.parent)
            self._model(parent)
            if recipe.server is not None and recipe.server.state is not None:
                self._state(parent, recipe.server.state)
        if recipe.rule == IMPORTED:
            self.bring_weights(origin)
        return origin

    def bring_weights(self, origin: Origin) -> None:
        """Bring a base's own weights, to compare them with what was computed."""
        path = f"/api/v1/checkpoints/{origin.digest}/weights"
        self._pull(path, origin.made.weights.sha256, origin.weights_bytes)

    def _told(self, digest: str) -> Origin:
        return self._bundle.keep(digest, self._coordinator.get(f"/api/v1/checkpoints/{digest}/origin"))

    def _updates(self, origin: Origin) -> None:
        for update in origin.contributions:
            if not update.kept:
                why = f"only the hash of {update.digest[:12]} is kept: its member ({update.node}) wished so"
                raise Refused("bytes-dropped", why)
            path = f"/api/v1/contributions/{update.digest}/weights"
            self._pull(path, update.weights_sha256, update.weights_bytes)

    def _model(self, parent: Origin) -> None:
        """Bring the weights of a parent. Those of a rollback's steps are not kept anywhere: compute them."""
        try:
            self.bring_weights(parent)
        except JobError as error:
            if error.code != "not-found" or parent.standing == "base":
                raise
            self.bring(parent.digest)
            note(f"computing {parent.name}, whose bytes are not kept")
            write_again(self._bundle, parent)

    def _state(self, parent: Origin, sha256: str) -> None:
        """Bring what the outer optimizer remembered; of a rollback's step it came with the weights."""
        path = f"/api/v1/checkpoints/{parent.digest}/server-state"
        self._pull(path, sha256, parent.server_state_bytes or 0)

    def _pull(self, path: str, sha256: str, size: int) -> None:
        target = self._bundle.blob(sha256)
        if target.exists():
            return
        if size >= LARGE:
            note(f"fetching {size / 1e6:,.0f} MB: {path}")
        self._coordinator.pull(path, target, sha256=sha256, size=size)
