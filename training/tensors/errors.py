"""What can be wrong with a file that claims to be safetensors."""

from typing import Literal

LayoutCode = Literal[
    "not-safetensors",
    "truncated",
    "header-too-large",
    "header-not-json",
    "duplicate-name",
    "unknown-dtype",
    "bad-entry",
    "size-mismatch",
    "overlap",
    "gap",
]


class LayoutError(ValueError):
    """A file or header that is refused before any tensor is touched.

    `code` is stable; `detail` is prose for people and quotes at most a short piece of the file.
    """

    def __init__(self, code: LayoutCode, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")
