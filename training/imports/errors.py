"""Why a model of elsewhere is not taken."""

from typing import Literal

RefusalCode = Literal[
    "folder-unreadable",
    "model-too-large",
    "config-missing",
    "config-malformed",
    "architecture-unknown",
    "setting-unknown",
    "carries-code",
    "pickle-refused",
    "weights-missing",
    "tensor-missing",
    "tensor-unexpected",
    "tensor-shape",
    "tensor-dtype",
    "non-finite",
    "tokenizer-missing",
    "tokenizer-malformed",
    "tokenizer-too-large",
    "hub-unreachable",
    "hub-refused",
]


class ImportRefused(ValueError):  # noqa: N818 - an answer, not a mistake
    """A model that is refused, with a stable ``code``; nothing of it was kept."""

    def __init__(self, code: RefusalCode, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")
