"""An update is encoded before it is signed: what was signed is what is admitted, compared and kept."""

import hashlib
from pathlib import Path

import pytest

from tests.factories import make_dataset
from tests.training.api.signing_node import PLAN, SigningNode, delta, make_round
from training.codecs import Encoded, encode
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.rounds.conductor import advance
from training.rounds.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def rounded(node: SigningNode) -> Round:
    """A round that asks for eight bits."""
    make_dataset("open")
    round_ = make_round(plan=PLAN.model_copy(update={"codec": "int8-block"}))
    advance(round_.pk)
    return round_


def in_eight_bits(folder: Path, seed: int) -> tuple[bytes, Encoded]:
    plain, out = folder / "delta.safetensors", folder / "encoded.safetensors"
    plain.write_bytes(delta(seed))
    encoded = encode(plain, out, "int8-block")
    return out.read_bytes(), encoded


def bring(node: SigningNode, round_: Round, weights: bytes, **changes) -> Contribution:
    job = node.job(round_)
    node.claim(job)
    assert node.contribute(job, node.contribution(job, weights, **changes)).status_code == 201
    assert node.upload(job, weights).status_code == 200
    return check_contribution(Contribution.objects.get().pk)


def test_eight_bits_are_admitted_with_what_they_cost(node, rounded, tmp_path):
    weights, encoded = in_eight_bits(tmp_path, 1)
    contribution = bring(node, rounded, weights, encodingError=encoded.error)
    assert (contribution.state, contribution.codec) == ("admitted", "int8-block")
    assert contribution.weights_sha256 == encoded.sha256 == hashlib.sha256(weights).hexdigest()
    assert 0 < contribution.summary["encoding_error"] < 0.01
    assert contribution.admission["norm"] > 0


def test_a_file_in_another_codec_than_was_signed_is_inadmissible(node, rounded):
    contribution = bring(node, rounded, delta(1))
    assert contribution.state == "inadmissible"
    assert "codec-mismatch" in {finding["code"] for finding in contribution.admission["findings"]}
