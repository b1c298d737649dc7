"""Reading byte ranges of a file completely or not at all."""

import os

from training.tensors.errors import LayoutError


def read_into(descriptor: int, target: memoryview, offset: int) -> None:
    """Fill all of `target` (contiguous) with the bytes of the file from `offset`.

    Raises LayoutError("truncated") if the file ends before: it may shrink after its layout was read.
    """
    rest = target.cast("B")
    while rest:
        count = os.preadv(descriptor, [rest], offset)
        if count == 0:
            raise LayoutError("truncated", f"the file ends {len(rest)} bytes early")
        rest = rest[count:]
        offset += count


def read_exactly(descriptor: int, count: int, offset: int) -> bytes:
    """`count` bytes from `offset`; raises LayoutError("truncated") if the file has fewer."""
    target = bytearray(count)
    read_into(descriptor, memoryview(target), offset)
    return bytes(target)
