"""The load, in a process of its own: nodes that poll and beat, or the same number of bare requests.

    python -m bench.crowd.calling PLAN.json

The plan names ``port`` and ``seconds``, and either ``nodes`` (seed of the key and job of each) or the
``rate`` of requests a second to ``/healthz``. Prints what was seen as JSON.
"""

import asyncio
import base64
import hashlib
import json
import math
import random
import secrets
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provenance.signing.keys import PrivateKey

FIRST_PAUSE = 20.0
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


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    calls = (
        nodes_call(plan["port"], plan["seconds"], plan["nodes"])
        if "nodes" in plan
        else health_calls(plan["port"], plan["seconds"], plan["rate"])
    )
    print(json.dumps(asyncio.run(calls)))


if __name__ == "__main__":
    main()
