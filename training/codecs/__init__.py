"""How weight updates are written: as fp32, or rounded by rules that give the same bytes on every machine.

An encoded update is itself a safetensors file, which says under ``codec`` in its metadata how to read it:

fp32        the update as it is, byte for byte.
bf16        BF16, in names and shapes of the update: the upper half of x, rounded to nearest, ties to even.
int8-block  I8, in names and shapes of the update: q = rint(x / s), s = max abs(x) of its block / 127.
int4-block  U8, two values a byte: q + 8, with q = rint(x / s), s = max abs(x) of its block / 7.

Scales s lie beside them in F32, as ``<name>:scales``. A block is 256 consecutive elements of one tensor, in
row-major order; the last one may be shorter. All arithmetic is IEEE 754 float32, rounding to nearest with
ties to even; where s is 0, so is q. Read back, an element is float32(q) · s. Of two elements in a byte of
int4 the first has the lower four bits; a last one without a neighbour has 8 (a zero) beside it. Shapes of
int4 tensors stand in the metadata under ``shapes``.
"""

from training.codecs.decoding import Decoded, codec_in, codec_of, opened
from training.codecs.encoding import Encoded, encode
from training.codecs.errors import CodecError

__all__ = ["CodecError", "Decoded", "Encoded", "codec_in", "codec_of", "encode", "opened"]
