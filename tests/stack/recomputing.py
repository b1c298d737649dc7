"""A base of the running program, computed once more by another process from the bytes in its store."""

import json
import subprocess
import sys
from pathlib import Path

from provenance.blobs.directory import DirectoryStore
from tests.stack.program import ROOT
from tests.stack.running import Running

ALONE = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
AGAIN = [sys.executable, str(Path(__file__).with_name("merging_again.py"))]
BASE = """
SELECT base.recipe, parent.weights_sha256, parent.server_state_sha256 FROM training_checkpoint base
JOIN training_checkpoint parent ON parent.id = base.parent_id WHERE base.digest = %s
"""


def merge_again(running: Running, digest: str, folder: Path) -> list[str]:
    """Return [sha256 of the weights, digest of the base] as they come out of the stored bytes."""
    [(recipe, parent, state)] = running.rows(BASE, digest)
    store = DirectoryStore(running.var / "blobs")
    names = dict(running.rows("SELECT digest, weights_sha256 FROM training_contribution"))
    wanted = {"base": parent, **{name: names[name] for name in recipe["contributions"]}}
    if recipe.get("server", {}).get("state"):
        wanted["state"] = state
    for name, blob in wanted.items():
        with store.open(blob) as bytes_:
            (folder / f"{name}.safetensors").write_bytes(bytes_.read())
    (folder / "recipe.json").write_text(json.dumps(recipe))
    again = subprocess.run([*AGAIN, str(folder)], cwd=ROOT, env=ALONE, capture_output=True, check=True)
    return list(json.loads(again.stdout))
