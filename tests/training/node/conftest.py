from pathlib import Path

import pytest

from tapestry.demonstration.facts import corpus_path
from training.manifest import HeldOut, Training
from training.merge import ArchitectureConfig, initial_weights
from training.node.learning.request import InputFile, Request, Weights

SMALL = ArchitectureConfig(
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=1,
    num_attention_heads=2,
    num_key_value_heads=2,
    vocab_size=264,
    max_position_embeddings=64,
)
TRAINING = Training(
    steps=10, batch_size=4, sequence_length=32, learning_rate=0.01, weight_decay=0.01, warmup_steps=2, seed=3
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A job's workspace: a small model and the Vietnamese declaration, ready to train."""
    base = tmp_path / "base.safetensors"
    initial_weights(SMALL, 1, base)
    Request(
        architecture=SMALL.model_dump(),
        weights=[Weights(digest="a" * 64, path=base)],
        files=[InputFile(path=corpus_path("vi"), language="vi", version="b" * 64, part="split")],
        held_out=HeldOut(every=10),
        training=TRAINING,
        threads=1,
    ).write(tmp_path)
    return tmp_path


@pytest.fixture
def home_folder(tmp_path: Path) -> Path:
    (tmp_path / "node.toml").write_text(
        'slug = "here"\nname = "Here"\nmember = "us"\nform = "sovereign"\njurisdiction = "PE"\n'
        'coordinator = "http://127.0.0.1:9"\n'
    )
    (tmp_path / "policy.toml").write_text('purposes = ["contributed-cpt"]\ndatasets = ["udhr-*"]\n')
    return tmp_path


@pytest.fixture(scope="session")
def tokenizer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer.json of 300 tokens with marks, and with a cut and padding that nobody asked for."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet, show_progress=False
    )
    made.train([str(corpus_path(language)) for language in ("vi", "fr")], trainer)
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    made.enable_truncation(5)
    made.enable_padding(length=9)
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    made.save(str(path))
    return path
