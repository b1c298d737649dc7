"""The shape of a Llama model as a closed list of numbers, and the tensors that follow from it."""

from collections.abc import Iterator
from math import prod
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from training.tensors import TensorSpec

Size = Annotated[int, Field(ge=1, le=2**20)]


class ArchitectureConfig(BaseModel):
    """Llama's configuration, under the names that transformers gives its fields; nothing else is allowed.

    A closed list, because a free one could name code to run or files to open on a node.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Annotated[int, Field(ge=1, le=512)]
    num_attention_heads: Size
    num_key_value_heads: Size
    vocab_size: Size
    max_position_embeddings: Annotated[int, Field(ge=2, le=2**24)]
    rms_norm_eps: Annotated[float, Field(gt=0, le=1e-2)] = 1e-5
    rope_theta: Annotated[float, Field(ge=1, le=1e9)] = 10_000.0
    tie_word_embeddings: bool = True
    initializer_range: Annotated[float, Field(gt=0, le=1)] = 0.02

    @model_validator(mode="after")
    def _heads_divide(self) -> Self:
        if self.hidden_size % (2 * self.num_attention_heads):
            # Rotary embeddings pair the dimensions of a head.
            raise PydanticCustomError("bad-architecture", "hidden_size must be an even multiple of the heads")
        if self.num_attention_heads % self.num_key_value_heads:
            raise PydanticCustomError(
                "bad-architecture", "key and value heads must divide the attention heads"
            )
        return self

    def tensors(self) -> Iterator[TensorSpec]:
        """Every parameter, with the name and shape that transformers' LlamaForCausalLM gives it."""
        hidden, wide = self.hidden_size, self.intermediate_size
        grouped = hidden // self.num_attention_heads * self.num_key_value_heads
        shapes: dict[str, tuple[int, ...]] = {
            "self_attn.q_proj": (hidden, hidden),
            "self_attn.k_proj": (grouped, hidden),
            "self_attn.v_proj": (grouped, hidden),
            "self_attn.o_proj": (hidden, hidden),
            "mlp.gate_proj": (wide, hidden),
            "mlp.up_proj": (wide, hidden),
            "mlp.down_proj": (hidden, wide),
            "input_layernorm": (hidden,),
            "post_attention_layernorm": (hidden,),
        }
        yield TensorSpec("model.embed_tokens.weight", "F32", (self.vocab_size, hidden))
        for layer in range(self.num_hidden_layers):
            for name, shape in shapes.items():
                yield TensorSpec(f"model.layers.{layer}.{name}.weight", "F32", shape)
        yield TensorSpec("model.norm.weight", "F32", (hidden,))
        if not self.tie_word_embeddings:
            yield TensorSpec("lm_head.weight", "F32", (self.vocab_size, hidden))

    def parameters(self) -> int:
        """Number of trained values; tied embeddings count once."""
        return sum(prod(tensor.shape) for tensor in self.tensors())


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
