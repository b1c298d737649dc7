"""A line with a delay between this network namespace and one of its own: two TUN devices and a relay.

For kernels without netem. Packets are 65,000 bytes, so that one process each way carries gigabits; nothing is
lost and nothing reordered. Needs root. Give `holder` (a process in the other namespace) and the milliseconds
of one way; prints a line when the devices are up.
"""

import collections
import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
MTU = 65_000
NEAR, FAR = "10.201.77.1", "10.201.77.2"
DEVICE = "bench-delay"


def open_device(prefix: list[str], address: str, peer: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN | IFF_NO_PI))
    for words in (
        ["addr", "add", address, "peer", peer, "dev", DEVICE],
        ["link", "set", DEVICE, "mtu", str(MTU), "txqueuelen", "10000", "up"],
    ):
        subprocess.run([*prefix, "ip", *words], check=True)
    return device


def carry(source: int, target: int, seconds: float) -> None:
    """Pass packets on, each `seconds` after it came."""
    waiting: collections.deque[tuple[float, bytes]] = collections.deque()
    poll = select.poll()
    poll.register(source, select.POLLIN)
    while True:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            os.write(target, waiting.popleft()[1])
        wait = 1000.0 if not waiting else max((waiting[0][0] - now) * 1000, 0)
        if poll.poll(wait):
            for _ in range(32):
                try:
                    packet = os.read(source, MTU + 64)
                except BlockingIOError:
                    break
                waiting.append((time.monotonic() + seconds, packet))


def main() -> None:
    holder, one_way = int(sys.argv[1]), float(sys.argv[2]) / 1000
    near = open_device([], NEAR, FAR)
    other = os.open(f"/proc/{holder}/ns/net", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(other, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
    far = open_device([], FAR, NEAR)
    print("up", flush=True)
    if os.fork():
        carry(near, far, one_way)
    else:
        carry(far, near, one_way)


if __name__ == "__main__":
    main()
