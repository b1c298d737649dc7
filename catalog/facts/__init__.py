"""Facts about the bytes of files: pure, without Django or a database; nodes use it too."""

from catalog.facts.combining import combine
from catalog.facts.counting import Progress
from catalog.facts.errors import FileRefused
from catalog.facts.inspecting import inspect_file
from catalog.facts.limits import INSPECTOR, Limits
from catalog.facts.model import EntryFacts, FileFacts
from catalog.facts.supervising import inspect_in_child

__all__ = [
    "INSPECTOR", "EntryFacts", "FileFacts", "FileRefused", "Limits", "Progress", "combine", "inspect_file",
    "inspect_in_child",
]  # fmt: skip
