"""A node that asks for data, and what it asks with."""

from typing import Any

import pytest

from catalog.datasets.models import Dataset
from tests.training.api.signing_node import SigningNode

GRANTS = "/api/v1/data/grants/"
TEXT = "một hai ba\n".encode()


def manifest(dataset: Dataset, /, **changes: Any) -> dict[str, Any]:
    """A request for all of version 1, for an own build in Viet Nam; a change to None takes a field away."""
    whole = {
        "version": "1",
        "dataset": dataset.slug,
        "number": 1,
        "purpose": "sovereign-build",
        "place": "VN",
        "output": {"tier": dataset.tier, "licence": "CC-BY-4.0"},
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content)
