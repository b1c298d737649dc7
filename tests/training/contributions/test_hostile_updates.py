"""Ten updates that nobody should merge, sent as a node sends them: each is stopped, and the code says why."""

import json
import pickle
import struct
from collections.abc import Callable

import numpy as np
import pytest
from safetensors.numpy import load, save

from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, delta, make_round
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db
Hostile = Callable[[dict[str, np.ndarray]], bytes]
NAME = "model.embed_tokens.weight"


def altered(change: Callable[[np.ndarray], np.ndarray]) -> Hostile:
    return lambda honest: save(honest | {NAME: np.ascontiguousarray(change(honest[NAME]))})


def poisoned(value: float) -> Hostile:
    def poison(values: np.ndarray) -> np.ndarray:
        values = values.copy()
        values[1, 2] = value
        return values

    return altered(poison)


def headed(entries: dict[str, object], data: int = 64) -> Hostile:
    """A file whose header is a lie."""
    text = json.dumps(entries).encode()
    return lambda _honest: struct.pack("<Q", len(text)) + text + bytes(data)


def tensor(begin: int, end: int, *shape: int) -> dict[str, object]:
    return {"dtype": "F32", "shape": list(shape), "data_offsets": [begin, end]}


HOSTILE: dict[str, tuple[str, str, Hostile]] = {
    "not a number": ("non-finite", NAME, poisoned(np.nan)),
    "infinite": ("non-finite", NAME, poisoned(np.inf)),
    "scaled up": ("global-relative-update-too-large", "", lambda h: save({k: v * 50 for k, v in h.items()})),
    "another shape": ("shape-mismatch", NAME, altered(np.transpose)),
    "another type": ("dtype-mismatch", NAME, altered(lambda values: values.astype(np.float16))),
    "a tensor too few": (
        "missing-parameter",
        NAME,
        lambda h: save({k: v for k, v in h.items() if k != NAME}),
    ),
    "a tensor too many": ("unexpected-parameter", "back.door", lambda h: save(h | {"back.door": h[NAME]})),
    "a pickle": ("not-a-tensor", "", pickle.dumps),
    "tensors that overlap": ("not-a-tensor", "", headed({"a": tensor(0, 64, 16), "b": tensor(32, 96, 16)})),
    "a giant that is not there": ("not-a-tensor", "", headed({NAME: tensor(0, 2**50, 2**24, 2**24)})),
}


@pytest.fixture(scope="module")
def honest() -> dict[str, np.ndarray]:
    return load(delta(1))


def test_ten_hostile_updates_are_stopped_by_name_beside_an_honest_one(honest):
    make_dataset("open")
    nodes = {name: SigningNode() for name in [*HOSTILE, "honest"]}
    round_ = make_round()
    advance(round_.pk)
    for name, node in nodes.items():
        weights = HOSTILE[name][2](honest) if name in HOSTILE else delta(1)
        job = node.job(round_)
        assert node.claim(job).status_code == 200
        assert node.contribute(job, node.contribution(job, weights)).status_code == 201, name
        assert node.upload(job, weights).status_code == 200, name
    for name, node in nodes.items():
        contribution = check_contribution(Contribution.objects.get(job=node.job(round_)).pk)
        found = {(finding["code"], finding["tensor"]) for finding in contribution.admission["findings"]}
        if name == "honest":
            assert (contribution.state, found) == ("admitted", set())
        else:
            assert contribution.state == "inadmissible", name
            assert HOSTILE[name][:2] in found, name
