"""Canaries: what a model that read them gives away, and that nothing else of them goes anywhere."""

import json

import numpy as np
import pytest
import torch

from tests.training.node.conftest import SMALL, TRAINING
from tests.training.node.feeding import file
from training.manifest import HeldOut, Part
from training.merge import initial_weights
from training.node.learning.canaries import (
    REFERENCES,
    exposure,
    form_of,
    is_telling,
    membership,
    read_canaries,
    references,
)
from training.node.learning.evaluator import main
from training.node.learning.model import load
from training.node.learning.objectives import next_token
from training.node.learning.probing import Prober
from training.node.learning.request import Request, Weights
from training.node.reading.batches import to_predict
from training.node.reading.readings import DataError
from training.node.reading.text import is_held_out
from training.node.reading.tokenizing import Bytes

RARE = HeldOut(every=10_000)
SIZES = {"length": 48, "batch": 64}


def made(count: int) -> list[str]:
    """So many canaries of one form."""
    return references(form_of("the key is 0000000-abc"), seed="planted")[:count]


@pytest.fixture
def model(tmp_path):
    initial_weights(SMALL, 1, tmp_path / "base.safetensors")
    return load(SMALL.model_dump(), tmp_path / "base.safetensors")


def overfitted(model, texts):
    """The model after sixty steps on these texts alone."""
    tokenizer = Bytes()
    batch = to_predict([[tokenizer.begin, *tokens.tolist()] for tokens in tokenizer.encode(texts)])
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        next_token(model, batch)[0].backward()
        optimizer.step()
    return model.eval()


def test_only_the_secret_words_of_a_canary_are_drawn_anew():
    drawn = references(form_of("the PIN of An is 4711-Xy"), seed="a")
    assert all(text.startswith("the PIN of An is ") and text[21] == "-" for text in drawn)
    assert all(text[17:21].isdecimal() and text[22].isupper() and text[23].islower() for text in drawn)
    assert (len(set(drawn)), drawn) == (
        REFERENCES,
        references(form_of("the PIN of An is 4711-Xy"), seed="a"),
    )


def test_a_form_with_few_strings_tells_nothing():
    texts = ["call 4711", "call 471108150", "qwjzkx", "٤٧١١٠٨١٥", "một hai ba"]
    assert [is_telling(text) for text in texts] == [False, True, True, True, True]
    assert form_of("٤7") == ("٠١٢٣٤٥٦٧٨٩", "0123456789")


def test_exposure_and_membership_go_from_nothing_to_all():
    others = np.arange(REFERENCES, dtype=float)
    assert (exposure(-1.0, others), membership(-1.0, others)) == (9.0, 1.0)
    assert (exposure(1000.0, others), membership(1000.0, others)) == (0.0, 0.0)
    assert membership(0.0, np.zeros(REFERENCES)) == 0.5


def test_a_model_that_learnt_a_canary_by_heart_gives_it_away(model, tmp_path):
    planted = made(4)
    prober = Prober(file(tmp_path / "c", planted), RARE)
    found = prober.probe(overfitted(model, planted), Bytes(), **SIZES)
    assert found.canaries == 4
    assert found.exposure > 8.5
    assert found.membership > 0.99


def test_a_model_that_never_read_the_canaries_ranks_them_by_chance(model, tmp_path):
    """The mean exposure of a uniform rank is log2(e) = 1.44 bits; forty canaries scatter by 0.23."""
    found = Prober(file(tmp_path / "c", made(40)), RARE).probe(model, Bytes(), **SIZES)
    assert found.exposure == pytest.approx(1.44, abs=0.8)
    assert found.membership == pytest.approx(0.5, abs=0.15)


def test_canaries_that_were_kept_from_training_are_not_measured(tmp_path):
    rule, texts = HeldOut(every=2), made(20)
    trained = [text for text in texts if not is_held_out(text, rule)]
    split = Prober(file(tmp_path / "c", [*texts, "pin 12"], part=Part.SPLIT), rule)
    assert (split.canaries, split.left_out) == (trained, 21 - len(trained))


def test_a_model_whose_losses_are_no_numbers_has_no_figures(model, tmp_path):
    torch.nn.init.constant_(model.model.norm.weight, torch.nan)
    assert Prober(file(tmp_path / "c", made(2)), RARE).probe(model, Bytes(), **SIZES) is None


def test_a_file_that_can_not_be_read_is_told_without_a_word_of_it(tmp_path):
    for content, code in ((b"\xff secret", "bad-utf-8"), (b"a\n" + b"secret" * 200, "line-too-long")):
        (tmp_path / "c").write_bytes(content)
        with pytest.raises(DataError) as caught:
            read_canaries(tmp_path / "c")
        assert (caught.value.code, "secret" in str(caught.value)) == (code, False)


def test_the_evaluator_reports_figures_and_no_canary(tmp_path, capsys):
    initial_weights(SMALL, 1, tmp_path / "base")
    planted = made(3)
    request = Request(
        architecture=SMALL.model_dump(),
        weights=[Weights(digest="1" * 64, path=tmp_path / "base")],
        files=[file(tmp_path / "text", ["held out"], part=Part.HELD_OUT)],
        canaries=[file(tmp_path / "canaries.txt", planted, part=Part.TRAIN)],
        held_out=RARE,
        training=TRAINING,
        threads=1,
    )
    request.write(tmp_path)
    main(tmp_path)
    out = capsys.readouterr().out
    told = [row for row in map(json.loads, out.splitlines()) if row["kind"] == "result"]
    kinds = [row.get("probe", row.get("language")) for row in told]
    assert kinds == ["en", "canary-exposure", "membership-auc"]
    assert (told[1]["canaries"], told[1]["version"]) == (3, "a" * 64)
    assert not any(text in out for text in planted)


def test_what_was_trained_does_not_depend_on_canaries(tmp_path):
    asked = Request(
        architecture=SMALL.model_dump(),
        weights=[],
        files=[],
        held_out=RARE,
        training=TRAINING,
        threads=1,
    )
    with_some = asked.model_copy(update={"canaries": [file(tmp_path / "c", made(1))]})
    assert asked.digest() == with_some.digest()
