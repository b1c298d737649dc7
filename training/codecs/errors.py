"""Why an update can not be written in a codec, or read."""

from typing import Literal

CodecCode = Literal[
    "codec-unknown",
    "dtype-mismatch",
    "name-taken",
    "non-finite",
    "value-too-large",
    "payload-malformed",
    "scales-malformed",
]


class CodecError(ValueError):
    """An update that is refused, with a stable `code`; `detail` is prose for people."""

    def __init__(self, code: CodecCode, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")
