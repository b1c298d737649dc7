"""The number of the conversation between nodes and coordinator: it rises when one would misread the other."""

from typing import Final

PROTOCOL: Final = 2
"""What this program speaks, as ``Tapestry-Protocol`` in every request of a node."""
LEAST: Final = 2
"""The oldest that a coordinator of this version still answers; below it 426 with both numbers."""
HEADER: Final = "Tapestry-Protocol"
