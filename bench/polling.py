"""A thousand nodes that poll and beat against the real server. Run: python bench/polling.py [--json FILE]

    [--nodes 1000] [--seconds 120] [--floor-seconds 30]

Each node has a key and a running job of its own and signs every request; it calls again after the seconds
that the answer named, on a new connection, as nodes do whose pauses outlast the server's keep-alive. Times
are from opening the connection to the last byte. The load comes from one process of its own, on the same
cores. Beside it, at the same rate: ``/healthz``, which is the server without signature and database.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")

import django  # noqa: E402

django.setup()

import psutil  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.crowd.calling import FIRST_PAUSE  # noqa: E402
from bench.wire.site import served  # noqa: E402
from provenance.signing.keys import PrivateKey  # noqa: E402
from tests.factories import make_member  # noqa: E402
from tests.scratch import scratch_database  # noqa: E402
from tests.training.api.signing_node import make_round  # noqa: E402
from training.jobs.models import Job  # noqa: E402
from training.nodes.models import Node, NodeKey  # noqa: E402

GOAL_MS = 200


def loaded(**plan: Any) -> dict[str, Any]:
    """Run the load in a process of its own and return what it saw."""
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(plan, file)
        file.flush()
        argv = [sys.executable, "-m", "bench.crowd.calling", file.name]
        return json.loads(subprocess.run(argv, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def make_nodes(count: int) -> list[dict[str, str]]:
    """Rows of active nodes, each with one running job, as a round that collects has them."""
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


def memory(server: psutil.Process) -> float:
    """MiB that master and workers hold."""
    return round(sum(p.memory_info().rss for p in [server, *server.children(recursive=True)]) / 2**20, 1)


def measure(nodes: int, seconds: float, floor_seconds: float) -> dict[str, Any]:
    with scratch_database():
        known = make_nodes(nodes)
        with served(far=False) as (port, server):
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
    chosen = parser.parse_args()
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
