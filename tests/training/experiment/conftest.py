import json
from pathlib import Path

import pytest

from training.experiment.__main__ import main


@pytest.fixture(scope="session")
def quick_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a quick run with one seed has written: four processes, every arm, every attack."""
    folder = tmp_path_factory.mktemp("experiment")
    main(["--quick", "--seeds", "1", "--out", str(folder)])
    return folder


@pytest.fixture(scope="session")
def results(quick_run: Path) -> dict:
    return json.loads((quick_run / "results.json").read_text())
