from collections.abc import Callable

import pytest

from tests.training.rollbacks.chains import Chain, begin_chain


@pytest.fixture
def begin(db: None) -> Callable[..., Chain]:
    """Start a family with two nodes and so many rounds."""
    return begin_chain
