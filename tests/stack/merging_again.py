"""Merges once more what a round merged, from bytes alone: a process of its own, without Django.

`python merging_again.py <folder>` with base.safetensors, <contribution digest>.safetensors … and recipe.json,
and state.safetensors where the recipe names a server's state.
"""

import json
import sys
from pathlib import Path

from training.merge import checkpoint_digest, merge


def main(folder: Path) -> None:
    """Print the weights' sha256 and the checkpoint's digest."""
    recipe = json.loads((folder / "recipe.json").read_text("utf-8"))
    updates = {digest: folder / f"{digest}.safetensors" for digest in recipe["contributions"]}
    state = folder / "state.safetensors"
    merged = merge(
        folder / "base.safetensors",
        updates,
        folder / "next.safetensors",
        rule=recipe["rule"],
        parameters=recipe["parameters"],
        server=recipe.get("server"),
        state=state if state.exists() else None,
        state_out=folder / "next-state.safetensors",
        codec=recipe["codec"],
        evidence=False,
    )
    digest = checkpoint_digest(recipe, merged.sha256, merged.state_sha256)
    sys.stdout.write(json.dumps([merged.sha256, digest]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
