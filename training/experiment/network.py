"""A network for each node: as root a namespace that leads to the coordinator only, else loopback."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

_BLOCKS: Final = list(IPv4Network("10.204.0.0/16").subnets(new_prefix=30))
MOST: Final = 4
_RUNS: Final = 4096
"""Runs at once, or dead ones of which something was left, that have addresses of their own."""


@dataclass(frozen=True, slots=True)
class Network:
    """Where a node lives.

    Attributes:
        host: the coordinator's address as this node sees it. namespace: its name, empty on loopback.
    """

    host: str
    namespace: str = ""

    @property
    def prefix(self) -> list[str]:
        """What a command begins with so that it runs there."""
        return ["ip", "netns", "exec", self.namespace] if self.namespace else []

    def frames(self) -> tuple[int, int] | None:
        """Return the bytes of all frames that the node (sent, received) so far; None on loopback.

        As the kernel counts them at the coordinator's end: with the headers of Ethernet, IP and TCP, and with
        acknowledgements.
        """
        if not self.namespace:
            return None
        counters = Path("/sys/class/net") / _outer(self.namespace) / "statistics"
        sent, received = (int((counters / name).read_text()) for name in ("rx_bytes", "tx_bytes"))
        return sent, received

    def remove(self) -> None:
        """Give back what was taken from the system."""
        if self.namespace:
            _did("ip", "netns", "delete", self.namespace)
            _did("ip", "link", "delete", _outer(self.namespace))


def make_network(number: int) -> Network:
    """Make the namespace of a node, one of ``MOST``; where the system does not let us, return loopback."""
    name = f"tx{os.getpid()}n{number}"
    outside, inside = map(str, _BLOCKS[os.getpid() % _RUNS * MOST + number].hosts())
    if not _did("ip", "netns", "add", name):
        return Network("127.0.0.1")
    there = ("ip", "-n", name)
    outer = _outer(name)
    steps = [
        ("ip", "link", "add", outer, "type", "veth", "peer", "name", "line", "netns", name),
        ("ip", "address", "add", f"{outside}/30", "dev", outer),
        ("ip", "link", "set", outer, "up"),
        (*there, "address", "add", f"{inside}/30", "dev", "line"),
        (*there, "link", "set", "line", "up"),
        (*there, "link", "set", "lo", "up"),
    ]
    network = Network(outside, name)
    if all(_did(*step) for step in steps):
        return network
    network.remove()
    return Network("127.0.0.1")


def _outer(namespace: str) -> str:
    return f"{namespace}o"


def _did(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
