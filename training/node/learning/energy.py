"""How many joules the accelerators have taken, where the machine can tell."""

from __future__ import annotations

from typing import Any


class EnergyCounter:
    """Joules since it was made, of the first ``devices`` accelerators that this process sees.

    NVIDIA counts millijoules since its driver was loaded (NVML, ``nvmlDeviceGetTotalEnergyConsumption``).
    """

    def __init__(self, devices: int) -> None:
        self._handles = _handles(devices)
        self._start = self._millijoules()

    def joules(self) -> float | None:
        """Return the joules since the beginning, or None where nothing tells."""
        now = self._millijoules()
        return None if now is None or self._start is None else (now - self._start) / 1000

    def _millijoules(self) -> int | None:
        if not self._handles:
            return None
        import pynvml

        try:
            return sum(int(pynvml.nvmlDeviceGetTotalEnergyConsumption(one)) for one in self._handles)
        except pynvml.NVMLError:
            return None


def _handles(devices: int) -> list[Any]:
    import torch

    if not torch.cuda.is_available():
        return []
    import pynvml

    try:
        pynvml.nvmlInit()
        # By UUID: NVML numbers all cards of the machine, torch only those that this process may use.
        names = [f"GPU-{torch.cuda.get_device_properties(number).uuid}" for number in range(devices)]
        return [pynvml.nvmlDeviceGetHandleByUUID(name) for name in names]
    except pynvml.NVMLError:
        return []
