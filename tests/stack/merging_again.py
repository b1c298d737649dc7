"""Merges once more what a round merged, from bytes alone: a process of its own, without Django.

`python merging_again.py <folder>` with base.safetensors, <contribution digest>.safetensors … and recipe.json.
"""

import json
import sys
from pathlib import Path

from training.merge import checkpoint_digest, merge_mean, merge_order, weights_of


def main(folder: Path) -> None:
    """Print the weights' sha256 and the checkpoint's digest."""
    recipe = json.loads((folder / "recipe.json").read_text("utf-8"))
    deltas = {digest: folder / f"{digest}.safetensors" for digest in recipe["contributions"]}
    merged = merge_mean(
        folder / "base.safetensors",
        merge_order(deltas),
        folder / "next.safetensors",
        weights=weights_of(recipe),
    )
    sys.stdout.write(json.dumps([merged.sha256, checkpoint_digest(recipe, merged.sha256)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
