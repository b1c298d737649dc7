"""The shape of a decoder as a closed list of numbers, and the tensors that follow from it."""

from collections.abc import Iterator
from math import prod
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from training.tensors import TensorSpec

Size = Annotated[int, Field(ge=1, le=2**20)]


class Closed(BaseModel):
    """A closed list: a free one could name code to run or files to open on a node."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class RopeScaling(Closed):
    """How Llama 3 stretches its rotary embeddings, under the names of its own configuration."""

    rope_type: Literal["llama3"] = "llama3"
    factor: Annotated[float, Field(ge=1, le=1024)]
    low_freq_factor: Annotated[float, Field(gt=0, le=1024)]
    high_freq_factor: Annotated[float, Field(gt=0, le=1024)]
    original_max_position_embeddings: Annotated[int, Field(ge=2, le=2**24)]


class ArchitectureConfig(Closed):
    """The configuration of a decoder that transformers knows by ``model_type``, under its field names.

    The types differ in little: Mistral has Llama's tensors; Qwen 2 adds biases to queries, keys and values;
    Qwen 3 norms each head's queries and keys. ``head_dim`` absent means the hidden size over the heads.
    """

    model_type: Literal["llama", "mistral", "qwen2", "qwen3"] = "llama"
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Annotated[int, Field(ge=1, le=512)]
    num_attention_heads: Size
    num_key_value_heads: Size
    head_dim: Size | None = None
    vocab_size: Size
    max_position_embeddings: Annotated[int, Field(ge=2, le=2**24)]
    rms_norm_eps: Annotated[float, Field(gt=0, le=1e-2)] = 1e-5
    rope_theta: Annotated[float, Field(ge=1, le=1e9)] = 10_000.0
    rope_scaling: RopeScaling | None = None
    tie_word_embeddings: bool = True
    initializer_range: Annotated[float, Field(gt=0, le=1)] = 0.02

    @model_validator(mode="after")
    def _heads_divide(self) -> Self:
        if self.head_dim is None and self.hidden_size % self.num_attention_heads:
            raise PydanticCustomError("bad-architecture", "hidden_size must be a multiple of the heads")
        if self.head_size % 2:
            raise PydanticCustomError("bad-architecture", "rotary embeddings pair the dimensions of a head")
        if self.num_attention_heads % self.num_key_value_heads:
            raise PydanticCustomError(
                "bad-architecture", "key and value heads must divide the attention heads"
            )
        return self

    @property
    def head_size(self) -> int:
        """Dimensions of one attention head."""
        return self.head_dim or self.hidden_size // self.num_attention_heads

    def tensors(self) -> Iterator[TensorSpec]:
        """Every parameter, with the name and shape that transformers' model of this type gives it."""
        yield TensorSpec("model.embed_tokens.weight", "F32", (self.vocab_size, self.hidden_size))
        for layer in range(self.num_hidden_layers):
            for name, shape in self._layer():
                yield TensorSpec(f"model.layers.{layer}.{name}", "F32", shape)
        yield TensorSpec("model.norm.weight", "F32", (self.hidden_size,))
        if not self.tie_word_embeddings:
            yield TensorSpec("lm_head.weight", "F32", (self.vocab_size, self.hidden_size))

    def parameters(self) -> int:
        """Number of trained values; tied embeddings count once."""
        return sum(prod(tensor.shape) for tensor in self.tensors())

    def _layer(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        hidden, wide = self.hidden_size, self.intermediate_size
        queries = self.num_attention_heads * self.head_size
        grouped = self.num_key_value_heads * self.head_size
        yield "self_attn.q_proj.weight", (queries, hidden)
        yield "self_attn.k_proj.weight", (grouped, hidden)
        yield "self_attn.v_proj.weight", (grouped, hidden)
        yield "self_attn.o_proj.weight", (hidden, queries)
        if self.model_type == "qwen2":
            yield "self_attn.q_proj.bias", (queries,)
            yield "self_attn.k_proj.bias", (grouped,)
            yield "self_attn.v_proj.bias", (grouped,)
        if self.model_type == "qwen3":
            yield "self_attn.q_norm.weight", (self.head_size,)
            yield "self_attn.k_norm.weight", (self.head_size,)
        yield "mlp.gate_proj.weight", (wide, hidden)
        yield "mlp.up_proj.weight", (wide, hidden)
        yield "mlp.down_proj.weight", (hidden, wide)
        yield "input_layernorm.weight", (hidden,)
        yield "post_attention_layernorm.weight", (hidden,)


DEMONSTRATION = ArchitectureConfig(
    hidden_size=128,
    intermediate_size=384,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=4,
    vocab_size=264,  # 256 bytes, 4 special tokens, padded to a multiple of 8
    max_position_embeddings=512,
)
"""The byte-level model of the demonstration: 460,416 parameters, trained on a laptop in seconds."""
