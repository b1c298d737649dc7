"""A folder of Transformers becomes a base: the same numbers, with where they are from."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from provenance.actors import COORDINATOR
from provenance.blobs import get_store
from provenance.errors import Conflict, DomainError
from provenance.events.models import Event
from provenance.lineage.models import Edge
from tests.training.api.signing_node import make_maintainer
from training.families.services import found_family_from
from training.imports.converting import convert
from training.imports.errors import ImportRefused
from training.imports.folder import read_folder
from training.imports.services import import_model


def refusal(folder) -> str:
    with pytest.raises(ImportRefused) as refused:
        take(folder)
    return refused.value.code


def take(folder) -> None:
    model = read_folder(folder)
    convert(model.shards, model.architecture, folder / "out")


@pytest.mark.parametrize("model_type", ["llama", "mistral", "qwen2", "qwen3"])
def test_each_type_is_read_from_what_transformers_writes(make_model, tmp_path, model_type):
    folder = make_model(model_type)
    model = read_folder(folder)
    convert(model.shards, model.architecture, tmp_path / "base")
    theirs, ours = load_file(folder / "model.safetensors"), load_file(tmp_path / "base")
    assert model.architecture.model_type == model_type
    assert all((ours[name] == theirs[name]).all() for name in ours)
    assert theirs.keys() - {"lm_head.weight"} == ours.keys()


def test_bfloat16_in_several_shards_becomes_one_exact_float32_file(make_model, tmp_path):
    import torch
    from safetensors.torch import load_file as load_torch

    folder = make_model(dtype="bfloat16", shard="8KB")
    model = read_folder(folder)
    converted = convert(model.shards, model.architecture, tmp_path / "base")
    assert len(model.shards) > 1
    assert converted.dtypes == ("BF16",)
    theirs = {name: tensor for shard in model.shards for name, tensor in load_torch(shard).items()}
    ours = load_torch(tmp_path / "base")
    assert all(torch.equal(ours[name], theirs[name].float()) for name in ours)


def test_the_rope_of_llama_3_is_read_in_both_spellings(make_model, change_config):
    folder, scaling = (
        make_model(),
        {
            "rope_type": "llama3",
            "factor": 8,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
    )
    change_config(folder, rope_parameters={**scaling, "rope_theta": 5e5})
    new = read_folder(folder).architecture
    change_config(folder, rope_parameters=None, rope_scaling=scaling, rope_theta=5e5)
    assert read_folder(folder).architecture == new
    assert new.rope_theta == 5e5
    assert new.rope_scaling is not None
    assert new.rope_scaling.factor == 8.0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"auto_map": {"AutoModel": "code.py"}}, "carries-code"),
        ({"quantization_config": {"bits": 4}}, "carries-code"),
        ({"model_type": "gpt2"}, "architecture-unknown"),
        ({"model_type": ["llama"]}, "architecture-unknown"),
        ({"hidden_act": "gelu"}, "setting-unknown"),
        ({"attention_bias": True}, "setting-unknown"),
        ({"rope_parameters": {"rope_type": "yarn", "factor": 2.0}}, "setting-unknown"),
        ({"rope_parameters": 5}, "config-malformed"),
        ({"hidden_size": "16"}, "config-malformed"),
        ({"num_key_value_heads": 3}, "config-malformed"),
        ({"num_hidden_layers": 3}, "tensor-missing"),
        ({"num_hidden_layers": 1}, "tensor-unexpected"),
        ({"intermediate_size": 41}, "tensor-shape"),
        ({"vocab_size": 10}, "tokenizer-malformed"),
    ],
)
def test_what_would_be_another_model_is_refused_by_its_code(make_model, change_config, change, code):
    folder = make_model()
    change_config(folder, **change)
    assert refusal(folder) == code


def test_pickles_are_never_read(make_model):
    folder = make_model()
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert refusal(folder) == "pickle-refused"


@pytest.mark.parametrize("name", ["../model.safetensors", "/etc/passwd", "model.bin", "absent.safetensors"])
def test_an_index_leads_to_no_other_file(make_model, name):
    folder = make_model()
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"x": name}}))
    assert refusal(folder) == "weights-missing"


@pytest.mark.parametrize(("value", "code"), [(np.nan, "non-finite"), (np.inf, "non-finite")])
def test_values_that_are_no_numbers_are_refused(make_model, value, code):
    folder = make_model()
    tensors = load_file(folder / "model.safetensors")
    tensors["model.norm.weight"][3] = value
    save_file(tensors, folder / "model.safetensors")
    assert refusal(folder) == code


def test_a_type_that_float32_can_not_hold_is_refused(make_model):
    folder = make_model()
    tensors = load_file(folder / "model.safetensors")
    save_file(
        {name: tensor.astype(np.float64) for name, tensor in tensors.items()}, folder / "model.safetensors"
    )
    assert refusal(folder) == "tensor-dtype"


@pytest.mark.parametrize("file", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("content", [b"", b"{", b"\xff" * 40, b"[]"])
def test_broken_files_are_refused_whatever_stands_in_them(make_model, file, content):
    folder = make_model()
    (folder / file).write_bytes(content)
    assert refusal(folder) in {"config-malformed", "tokenizer-malformed", "weights-missing"}


@pytest.mark.django_db
class TestInTheCatalog:
    def test_licence_revision_and_hashes_are_signed_and_kept(self, make_model):
        model = import_model(COORDINATOR, make_model(), name="Tiny", source="someone/tiny", revision="abc123")
        said = model.statement.envelope["payload"]
        assert model.licence == "Apache-2.0"
        assert {file["path"] for file in model.document["files"]} >= {"config.json", "model.safetensors"}
        assert get_store().size(model.weights_sha256) == model.weights_bytes
        assert get_store().exists(model.tokenizer_sha256)
        assert said
        assert Event.objects.get(action="model.imported").details["revision"] == "abc123"

    def test_the_same_files_again_are_the_same_model(self, make_model):
        folder = make_model()
        first = import_model(COORDINATOR, folder, name="Tiny", source="tiny")
        assert import_model(COORDINATOR, folder, name="Tiny", source="tiny") == first
        assert Event.objects.filter(action="model.imported").count() == 1

    def test_another_model_may_not_take_its_name(self, make_model):
        import_model(COORDINATOR, make_model(), name="Tiny", source="tiny")
        with pytest.raises(Conflict, match="name"):
            import_model(COORDINATOR, make_model(seed=2), name="Tiny", source="other")

    @pytest.mark.parametrize(
        ("card", "given", "code"),
        [
            ("", "", "licence-missing"),
            ("---\nlicense: x\n---\n", "", "licence-missing"),
            ("", "Mine", "licence-malformed"),
        ],
    )
    def test_without_a_licence_that_spdx_lists_nothing_is_taken(self, make_model, card, given, code):
        folder = make_model()
        (folder / "README.md").write_text(card)
        with pytest.raises(DomainError) as refused:
            import_model(COORDINATOR, folder, name="Tiny", source="tiny", licence=given)
        assert refused.value.code == code

    def test_a_family_begins_with_it_and_its_base_leads_back_to_it(self, make_model):
        model = import_model(COORDINATOR, make_model(), name="Tiny", source="tiny")
        family = found_family_from(make_maintainer(), "tiny", "Tiny", model)
        base = family.checkpoints.get()
        assert base.weights_sha256 == model.weights_sha256
        assert base.recipe["parameters"] == {"model": model.digest}
        assert family.tokenizer_sha256 == model.tokenizer_sha256
        assert Edge.objects.get(source__digest=base.digest).target.digest == model.digest
