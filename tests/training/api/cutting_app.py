"""A web application whose one answer is cut after half of it, by the error that ends watched reads."""

from collections.abc import Callable, Iterator
from typing import Any

from training.api.streaming import ReadCut


def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    """Announce 2,000 bytes and send 1,000."""
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", "2000")])
    yield b"x" * 1000
    raise ReadCut("version-withdrawn")
