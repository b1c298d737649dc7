"""From chunks of any size to blocks of whole lines."""

from collections.abc import Iterator


def blocks(source: Iterator[bytes], longest: int) -> Iterator[tuple[bytes, bool]]:
    """Yield (whole lines, each ended by a newline; whether a line was cut).

    A line longer than ``longest`` bytes is cut there and its rest skipped, so that memory stays bounded.
    """
    held: list[bytes] = []
    size, skipping = 0, False
    for given in source:
        chunk = given
        if skipping:
            _, found, chunk = chunk.partition(b"\n")
            skipping = not found
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join((*held, chunk[:cut])), False
            held, size = [], 0
        if rest := chunk[cut:]:
            held.append(rest)
            size += len(rest)
        if size > longest:
            yield b"".join(held)[:longest] + b"\n", True
            held, size, skipping = [], 0, True
    if held:
        yield b"".join(held) + b"\n", False
