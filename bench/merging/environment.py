"""The peers' own environment, made by the first run: they are no dependencies of ours."""

import subprocess
import venv
from pathlib import Path

# torch by its exact release: a looser range takes gigabytes of CUDA.
PACKAGES = ("flwr==1.41.0", "mergekit==0.1.5", "torch==2.13.0")


def peers_python(var: Path) -> Path | None:
    """Return the interpreter that has the peers; None, after a line that says why, if there is none."""
    folder = var / "merging-peers"
    if not (folder / "ready").exists():
        print("installing Flower and mergekit beside us, which takes minutes once", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        words = [folder / "bin" / "pip", "install", "--quiet", *PACKAGES]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"the peers could not be installed: {done.stderr[-300:]}")
            return None
        (folder / "ready").touch()
    return folder / "bin" / "python"
