"""What this machine is: what enrolment tells of it, so that nobody asks it for what it can not do."""

import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import psutil

from training.manifest.protocol import PROTOCOL

RUNTIMES: Final = ("torch", "transformers", "datasets", "peft", "tokenizers")
LONGEST: Final = 200  # characters of one capability


@cache
def accelerators() -> tuple[tuple[str, int], ...]:
    """Return (name, bytes of memory) of each accelerator that training here can use; takes torch's import."""
    try:
        import torch
    except ImportError:
        return ()
    if not torch.cuda.is_available():
        return ()
    found = (torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count()))
    return tuple((str(device.name), int(device.total_memory)) for device in found)


def capabilities() -> dict[str, str]:
    """Return what enrolment says: processors, memory, accelerators, runtimes and their versions."""
    cards = accelerators()
    said = {
        "cpu_count": str(len(os.sched_getaffinity(0))),
        "memory_bytes": str(psutil.virtual_memory().total),
        "accelerators": str(len(cards)),
        "protocol": str(PROTOCOL),
        **{name: found for name in RUNTIMES if (found := _version(name))},
    }
    if cards:
        said |= {
            "accelerator_model": ", ".join(sorted({name for name, _ in cards})),
            "accelerator_bytes": str(min(memory for _, memory in cards)),
        }
    return {name: text[:LONGEST] for name, text in said.items()}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
