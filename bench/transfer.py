"""How fast do bytes go both ways, beside bare TCP and Flower? On loopback, and with 100 ms round trip.

    python bench/transfer.py [--bytes 1GiB] [--folder FOLDER] [--rtt 100] [--streams 4] [--without-flower]

The site is the real one (gunicorn as tapestry/gunicorn.py sets it up, PostgreSQL, signed requests, hashes at
both ends). Its floors: bare TCP, which moves bytes from memory to memory, and writing a file, no more.
`--folder` is where blobs and files lie: /dev/shm, where there is room, measures the program and not the disk.
The delay needs root: a relay between two TUN devices, one of them in a network namespace of its own
(bench/wire/relay.py).
TAPESTRY_BENCH_BYTES sets the default size. Prints lines for people and one of JSON.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")

import django  # noqa: E402

django.setup()

from bench.wire import flower  # noqa: E402
from bench.wire.relay import NEAR  # noqa: E402
from bench.wire.site import Work, keep_blob, make_work, served  # noqa: E402
from tapestry.environment import read_environment  # noqa: E402
from tests.scratch import scratch_database  # noqa: E402

LOOPBACK = "127.0.0.1"
GBIT = 1e9 / 8
Figures = dict[str, float]


def main() -> None:
    options = parse()
    found: dict[str, Any] = {"bench": "transfer", "bytes": options.bytes, "streams": options.streams}
    with tempfile.TemporaryDirectory(dir=options.folder) as name, scratch_database(), ExitStack() as stack:
        folder = Path(name)
        blob = keep_blob(folder, options.bytes)
        found["fresh_file"] = written(folder / "fresh", options.bytes)
        print(f"a fresh file in {folder.parent}: {found['fresh_file']:.2f} Gbit/s", flush=True)
        prefix = stack.enter_context(delayed(options.rtt))
        port, _ = stack.enter_context(served(far=prefix is not None))
        found["loopback"] = measured(folder, blob, LOOPBACK, port, [], options.streams)
        say("loopback", found["loopback"])
        if prefix is not None:
            found["delayed"] = measured(folder, blob, NEAR, port, prefix, options.streams)
            say(f"{options.rtt} ms round trip", found["delayed"])
    if not options.without_flower:
        found["flower"] = flower.measured(read_environment().var, options.bytes)
        say("Flower on loopback", found["flower"])
    print(json.dumps(found))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = int(os.environ.get("TAPESTRY_BENCH_BYTES", "1073741824"))
    parser.add_argument("--bytes", type=int, default=default)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rtt", type=float, default=100.0, help="milliseconds; 0 leaves it out")
    parser.add_argument("--streams", type=int, default=4)
    parser.add_argument("--without-flower", action="store_true")
    options = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108 - a scratch folder of our own is made in it
    if options.folder is None and memory.is_dir() and shutil.disk_usage(memory).free > 4 * options.bytes:
        options.folder = memory
    return options


def measured(folder: Path, blob: Any, host: str, port: int, prefix: list[str], streams: int) -> Figures:
    """Return gigabits a second: bare TCP over one stream and over all, then down and up."""
    figures: Figures = {}
    for count in sorted({1, streams}):
        with raw_server(host, blob.size) as raw:
            seconds = at_node(prefix, do="raw", host=host, port=raw, streams=count)
        figures[f"tcp_{count}"] = rate(blob.size, seconds)
    work, file = make_work(folder, blob), folder / "pulled"
    given = {"url": f"http://{host}:{port}", "key": str(work.key), "streams": streams}
    given |= {"file": str(file), "sha256": blob.sha256, "size": blob.size}
    pulled = at_node(prefix, do="pull", path=f"{work.path}/inputs/{blob.sha256}", **given)
    figures["down"] = rate(blob.size, pulled)
    figures["up"] = pushed(work, file, prefix, given)
    file.unlink()
    return figures


def pushed(work: Work, file: Path, prefix: list[str], given: dict[str, Any]) -> float:
    work.commit(file)
    return rate(given["size"], at_node(prefix, do="push", path=work.path, **given))


def written(path: Path, size: int) -> float:
    """Return gigabits a second of writing a file, no more: a machine that lends out memory is slow at it."""
    block, began = bytes(1 << 20), time.monotonic()
    with path.open("wb", buffering=0) as file:
        for _ in range(size // len(block)):
            file.write(block)
    seconds = time.monotonic() - began
    path.unlink()
    return rate(size, seconds)


def at_node(prefix: list[str], **given: Any) -> float:
    """Run the node's side, and return its seconds."""
    command = [*prefix, sys.executable, "-m", "bench.wire.node"]
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(given) + "\n", text=True, stdout=subprocess.PIPE, check=True
    )
    return float(done.stdout)


@contextmanager
def raw_server(host: str, total: int) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.wire.raw", host, str(total)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


@contextmanager
def delayed(milliseconds: float) -> Iterator[list[str] | None]:
    """Give the words that run a command at the far end of a slow line; None where there can be none."""
    if not milliseconds:
        yield None
        return
    if os.geteuid() or not Path("/dev/net/tun").exists():
        print("no delayed line: it needs root and /dev/net/tun")
        yield None
        return
    with ExitStack() as stack:
        holder = stack.enter_context(ended(["unshare", "-n", "sleep", "infinity"]))
        prefix = ["nsenter", f"--net=/proc/{holder.pid}/ns/net"]
        line = [sys.executable, "-m", "bench.wire.relay", str(holder.pid), str(milliseconds / 2)]
        relay = stack.enter_context(ended(line))
        assert relay.stdout is not None
        if relay.stdout.readline() != "up\n":
            raise SystemExit("the delayed line did not come up")
        yield prefix


@contextmanager
def ended(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a session of its own, and end all of it."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def rate(size: int, seconds: float) -> float:
    return round(size / GBIT / seconds, 3)


def say(where: str, figures: Figures) -> None:
    print(
        f"{where}: " + ", ".join(f"{name} {value:.2f} Gbit/s" for name, value in figures.items()), flush=True
    )


if __name__ == "__main__":
    main()
