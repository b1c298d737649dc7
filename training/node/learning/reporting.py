"""The child's side of the line between trainer and node: one JSON object a line on standard output."""

import json
import sys
from typing import Any


def report(kind: str, **values: Any) -> None:
    """Write one report: ``phase``, ``metric``, ``log`` or ``result``. Never a byte of data."""
    sys.stdout.write(json.dumps({"kind": kind, **values}) + "\n")
    sys.stdout.flush()
