"""What a model gives away of the canaries of one dataset version. Only for the evaluator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.manifest import HeldOut, Part
from training.node.learning.canaries import (
    MOST,
    Form,
    Losses,
    exposure,
    form_of,
    is_telling,
    membership,
    read_canaries,
    references,
)
from training.node.learning.objectives import negative_log_likelihoods
from training.node.reading.batches import to_predict
from training.node.reading.text import is_held_out, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch.nn import Module

    from training.node.learning.request import InputFile
    from training.node.reading.tokenizing import Tokenizer


@dataclass(frozen=True, slots=True)
class Probed:
    """Means over the canaries that were measured."""

    exposure: float
    membership: float
    canaries: int


class Prober:
    """The canaries of one version with their references: the same for every checkpoint of a job."""

    def __init__(self, file: InputFile, rule: HeldOut) -> None:
        """Read the canaries and draw what they are compared with.

        Left out are those that the held-out rule keeps from training as paragraphs of their own, those of a
        form with too few strings, and those after the first `MOST`. ``left_out`` counts them.

        Raises:
            DataError: as `read_canaries`.
        """
        declared = read_canaries(file.path)
        trained = [text for text in declared if file.part is not Part.SPLIT or not is_held_out(text, rule)]
        self.canaries = [text for text in trained if is_telling(text)][:MOST]
        self.left_out = len(declared) - len(self.canaries)
        forms = {form_of(text) for text in self.canaries}
        self._others: dict[Form, list[str]] = {
            form: references(form, seed=f"{file.version}/{form}", without=declared) for form in forms
        }

    def probe(self, model: Module, tokenizer: Tokenizer, *, length: int, batch: int) -> Probed | None:
        """Return what the model gives away; None without canaries, or where its losses are no numbers."""
        if not self.canaries:
            return None
        others = {
            form: losses_of(model, texts, tokenizer, length=length, batch=batch)
            for form, texts in self._others.items()
        }
        own = losses_of(model, self.canaries, tokenizer, length=length, batch=batch)
        if not all(np.isfinite(found).all() for found in (own, *others.values())):
            return None
        pairs = [(loss, others[form_of(text)]) for loss, text in zip(own, self.canaries, strict=True)]
        return Probed(
            exposure=float(np.mean([exposure(loss, against) for loss, against in pairs])),
            membership=float(np.mean([membership(loss, against) for loss, against in pairs])),
            canaries=len(pairs),
        )


def losses_of(
    model: Module, texts: Sequence[str], tokenizer: Tokenizer, *, length: int, batch: int
) -> Losses:
    """Return the negative log-likelihood of each text from its beginning, in nats, shape (texts,)."""
    import torch

    rows = [
        (index, window)
        for index, tokens in enumerate(tokenizer.encode(texts))
        for window in windows(tokens.tolist(), begin=tokenizer.begin, length=length)
    ]
    found = np.zeros(len(texts))
    device = next(model.parameters()).device
    with torch.inference_mode():
        for start in range(0, len(rows), batch):
            part = rows[start : start + batch]
            inputs = to_predict([window for _, window in part])
            moved = {name: tensor.to(device) for name, tensor in inputs.items()}
            nats = negative_log_likelihoods(model, moved).double().sum(dim=1).cpu().numpy()
            np.add.at(found, [index for index, _ in part], nats)
    return found
