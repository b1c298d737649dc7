"""Why a merge is refused."""

from typing import Literal

MergeCode = Literal[
    "no-contributions",
    "duplicate-contribution",
    "weights-mismatch",
    "layout-mismatch",
    "dtype-mismatch",
    "codec-mismatch",
    "non-finite",
    "value-overflows-base-dtype",
    "rule-unknown",
    "parameters-invalid",
    "state-mismatch",
]


class MergeError(ValueError):
    """A merge that was refused, with a stable `code`; nothing was written to its output path."""

    def __init__(self, code: MergeCode, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")
