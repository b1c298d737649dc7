"""A thousand nodes that poll and beat against the real server. Run: python bench/polling.py [--json FILE]

    [--nodes 1000] [--seconds 120] [--floor-seconds 30]

Each node has a key and a running job of its own and signs every request; it calls again after the seconds
that the answer named, on a new connection, as nodes do whose pauses outlast the server's keep-alive. Times
are from opening the connection to the last byte. The load comes from one process of its own, on the same
cores. Beside it, at the same rate: ``/healthz``, which is the server without signature and database.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import math
import os
import random
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")

from provenance.signing.keys import PrivateKey  # noqa: E402

GOAL_MS, FIRST_PAUSE = 200, 20.0
COVERED = '("@method" "@authority" "@path" "@query" "content-digest")'
JOBS = "/api/v1/node/jobs"
PROGRAM = "Tapestry-Protocol: 2\r\nUser-Agent: tapestry-node/bench\r\n"


@dataclass
class Seen:
    """Milliseconds of the answers of one kind, and what went wrong instead."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def told(self, seconds: float) -> dict[str, Any]:
        ordered = sorted(self.times) or [math.nan]
        of = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)  # noqa: E731
        return {
            "answers": len(self.times), "per_second": round(len(self.times) / seconds, 1),
            "p50_ms": of(0.5), "p99_ms": of(0.99), "most_ms": of(1), "errors": len(self.errors),
            "first_errors": self.errors[:3],
        }  # fmt: skip


def signed(method: str, host: str, path: str, body: bytes, key: PrivateKey) -> str:
    """The fields that `provenance.signing.http.sign_request` makes, in a tenth of its time."""
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    now = int(time.time())
    said = (
        f'{COVERED};created={now};expires={now + 60};nonce="{secrets.token_urlsafe(16)}";keyid="{key.did}"'
        ';alg="ed25519";tag="tapestry-node"'
    )
    signed_lines = (
        f'"@method": {method}\n"@authority": {host}\n"@path": {path}\n"@query": ?\n'
        f'"content-digest": {digest}\n"@signature-params": {said}'
    )
    signature = base64.b64encode(key.sign(signed_lines.encode())).decode()
    fields = {
        "Content-Digest": digest,
        "Signature-Input": f"tapestry={said}",
        "Signature": f"tapestry=:{signature}:",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items())


# -- the load, in a process of its own


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def call(port: int, method: str, path: str, body: bytes, key: PrivateKey | None, seen: Seen) -> Any:
    """The answer's JSON, or None; what it took is noted."""
    host = f"127.0.0.1:{port}"
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
    if key is not None:
        head += f"{PROGRAM}{signed(method, host, path, body, key)}"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    began = time.perf_counter()
    try:
        async with asyncio.timeout(30), connected(port) as (reader, writer):
            writer.write(f"{head}\r\n".encode() + body)
            answer = await reader.read()
        took = (time.perf_counter() - began) * 1000
        status, _, content = answer.partition(b"\r\n\r\n")
    except (OSError, TimeoutError) as error:
        seen.errors.append(repr(error))
        return None
    if not status.startswith(b"HTTP/1.1 200"):
        seen.errors.append(answer[:300].decode(errors="replace"))
        return None
    seen.times.append(took)
    return content


async def go_on_calling(until: float, ask: Any) -> None:
    """Call until the end, after the pause that each answer names."""
    pause = random.uniform(0, FIRST_PAUSE)  # noqa: S311 - a spread start
    while time.monotonic() + pause < until:
        await asyncio.sleep(pause)
        content = await ask()
        pause = json.loads(content)["next_in_seconds"] if content else FIRST_PAUSE


async def nodes_call(port: int, seconds: float, nodes: list[dict[str, str]]) -> dict[str, Any]:
    polls, beats = Seen(), Seen()
    until, used = time.monotonic() + seconds, time.process_time()
    tasks = []
    for node in nodes:
        key = PrivateKey.from_seed(bytes.fromhex(node["seed"]))
        path = f"/api/v1/jobs/{node['job']}/heartbeat"
        step = iter(range(1, 1_000_000))

        def poll(key: PrivateKey = key) -> Any:
            return call(port, "GET", JOBS, b"", key, polls)

        def beat(key: PrivateKey = key, path: str = path, step: Iterator[int] = step) -> Any:
            reading = {"step": next(step), "loss": 3.5, "tokens_per_second": 1e4, "tokens": 5120}
            said = {"attempt": 1, "phase": "training", "step": reading["step"], "steps": 10**6,
                    "metrics": [reading]}  # fmt: skip
            return call(port, "POST", path, json.dumps(said).encode(), key, beats)

        tasks += [go_on_calling(until, poll), go_on_calling(until, beat)]
    await asyncio.gather(*tasks)
    cpu = round((time.process_time() - used) / seconds, 2)
    return {"polls": polls.told(seconds), "beats": beats.told(seconds), "load_cpu": cpu}


async def health_calls(port: int, seconds: float, rate: float) -> dict[str, Any]:
    seen, until, tasks = Seen(), time.monotonic() + seconds, []
    while time.monotonic() < until:
        tasks.append(asyncio.create_task(call(port, "GET", "/healthz", b"", None, seen)))
        await asyncio.sleep(random.expovariate(rate))
    await asyncio.gather(*tasks)
    return seen.told(seconds)


def load(plan: dict[str, Any]) -> None:
    calls = (
        nodes_call(plan["port"], plan["seconds"], plan["nodes"])
        if "nodes" in plan
        else health_calls(plan["port"], plan["seconds"], plan["rate"])
    )
    print(json.dumps(asyncio.run(calls)))


def loaded(**plan: Any) -> dict[str, Any]:
    """Run the load in a process of its own and return what it saw."""
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(plan, file)
        file.flush()
        argv = [sys.executable, __file__, "--load", file.name]
        return json.loads(subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout)


# -- the server, with its rows


def make_nodes(count: int) -> list[dict[str, str]]:
    """Rows of active nodes, each with one running job, as a round that collects has them."""
    from django.utils import timezone

    from tests.factories import make_member
    from tests.training.api.signing_node import make_round
    from training.jobs.models import Job
    from training.nodes.models import Node, NodeKey

    round_, member = make_round(), make_member()
    keys = [(secrets.token_bytes(32), uuid.uuid4()) for _ in range(count)]
    rows = Node.objects.bulk_create(
        [
            Node(slug=f"bench-{n}", name=f"Machine {n}", member=member, did=PrivateKey.from_seed(seed).did,
                 form="sovereign", state="active", jurisdiction="VN")
            for n, (seed, _) in enumerate(keys)
        ]
    )  # fmt: skip
    NodeKey.objects.bulk_create([NodeKey(node=node, did=node.did) for node in rows])
    until = timezone.now() + timedelta(minutes=5)
    Job.objects.bulk_create(
        [
            Job(id=job, round=round_, node=node, kind="contributed-cpt", state="running", attempt=1,
                manifest={}, manifest_digest=job.hex * 2, lease_until=until)
            for node, (_, job) in zip(rows, keys, strict=True)
        ]
    )  # fmt: skip
    return [{"seed": seed.hex(), "job": str(job)} for seed, job in keys]


@contextmanager
def serving() -> Iterator[tuple[int, psutil.Process]]:
    """The server as `manage.py up` starts it, on this run's database."""
    import socket

    from django.db import connection

    from tapestry.environment import read_environment

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name = connection.settings_dict["NAME"]
    database = urlsplit(read_environment().database_url)._replace(path=f"/{name}").geturl()
    env = {**os.environ, "DATABASE_URL": database, "TAPESTRY_PORT": str(port)}
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:tapestry.gunicorn", "tapestry.wsgi:application"]
    server = subprocess.Popen(
        argv,
        cwd=ROOT,
        env=env,
    )
    try:
        for _ in range(300):
            assert server.poll() is None, "the server did not start"
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz"):
                break
            time.sleep(0.1)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(20)


def memory(server: psutil.Process) -> float:
    """MiB that master and workers hold."""
    return round(sum(p.memory_info().rss for p in [server, *server.children(recursive=True)]) / 2**20, 1)


def measure(nodes: int, seconds: float, floor_seconds: float) -> dict[str, Any]:
    import django

    django.setup()
    from tests.scratch import scratch_database

    with scratch_database():
        known = make_nodes(nodes)
        with serving() as (port, server):
            floor = loaded(port=port, seconds=floor_seconds, rate=2 * nodes / FIRST_PAUSE)
            warm = loaded(port=port, seconds=FIRST_PAUSE + 5, nodes=known)
            start = memory(server)
            found = loaded(port=port, seconds=seconds, nodes=known)
            return {
                "nodes": nodes, "seconds": seconds, "cores": os.cpu_count(), **found, "floor": floor,
                "warm": warm, "mib_at_start": start, "mib_at_end": memory(server),
            }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nodes", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--floor-seconds", type=float, default=30)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.load:
        load(json.loads(chosen.load.read_text()))
        return
    found = measure(chosen.nodes, chosen.seconds, chosen.floor_seconds)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1))
    for name in ("polls", "beats", "floor"):
        row = found[name]
        print(f"{name:6} {row['answers']:6} answers {row['per_second']:6}/s   p50 {row['p50_ms']:6} ms   "
              f"p99 {row['p99_ms']:6} ms (at most {GOAL_MS})   errors {row['errors']}")  # fmt: skip
    print(f"memory {found['mib_at_start']} MiB at the start, {found['mib_at_end']} at the end; "
          f"load on {found['load_cpu']} of {found['cores']} cores")  # fmt: skip
    for name in ("polls", "beats"):
        for error in found[name]["first_errors"]:
            print(name, error)


if __name__ == "__main__":
    main()
