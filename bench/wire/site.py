"""The real web server over a scratch database, and one node whose job asks for a base of so many bytes."""

import mmap
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pgtrigger
import psutil
from django.utils import timezone

from bench.wire.relay import NEAR

ROOT = Path(__file__).resolve().parents[2]
BLOCK = 1 << 20


@dataclass
class Work:
    """A node that holds a job, whose base and whose update are the one large blob."""

    node: Any
    job: Any
    key: Path

    @property
    def path(self) -> str:
        return f"/api/v1/jobs/{self.job.pk}"

    def commit(self, file: Path) -> None:
        """Sign the update in `file` and send the word on it."""
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            envelope = self.node.contribution(self.job, content)
        answer = self.node.contribute(self.job, envelope)
        assert answer.status_code == 201, answer.content


@contextmanager
def served(*, far: bool) -> Iterator[tuple[int, psutil.Process]]:
    """Serve this run's database and store from gunicorn, as the program does; give its port and process."""
    from django.conf import settings
    from django.db import connection

    from tapestry.environment import read_environment

    url = read_environment().database_url.replace("/tapestry?", f"/{connection.settings_dict['NAME']}?")
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": url,
        "BLOB_URL": settings.BLOB_URL,
        "TAPESTRY_PORT": str(port),
        "TAPESTRY_BIND": "0.0.0.0" if far else "127.0.0.1",  # noqa: S104 - the other end is our own namespace
        "TAPESTRY_ALLOWED_HOSTS": f"127.0.0.1,{NEAR}",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:tapestry.gunicorn",
        "tapestry.wsgi:application",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", server)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(20)


def keep_blob(folder: Path, size: int) -> Any:
    """Put `size` bytes into a store below `folder`, which is the site's from now on."""
    from django.conf import settings

    from provenance.blobs import get_store

    settings.BLOB_URL = (folder / "blobs").as_uri()
    settings.ALLOWED_HOSTS = ["*"]
    block = os.urandom(BLOCK)
    return get_store().put(block for _ in range(size // BLOCK))


def make_work(folder: Path, blob: Any) -> Work:
    """Open a round on that base, and let a node take its job for two hours."""
    from tests.factories import make_dataset
    from tests.training.api.signing_node import SigningNode, make_family, make_round
    from training.checkpoints.models import Checkpoint
    from training.jobs.models import Job
    from training.rounds.conductor import advance

    family = make_family(seed=secrets.randbelow(2**31))
    with pgtrigger.ignore():  # a base is what it is for ever; this one never was one
        Checkpoint.objects.filter(family=family).update(weights_sha256=blob.sha256, weights_bytes=blob.size)
    node = SigningNode()
    make_dataset("open", texts={"vi": b"mot hai ba\n"})
    round_ = make_round(family)
    advance(round_.pk)
    job = node.job(round_)
    answer = node.claim(job)
    assert answer.status_code == 200, answer.content
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(hours=2))
    job.refresh_from_db()
    key = folder / f"{job.pk}.key"
    key.write_bytes(node.key._key.private_bytes_raw())  # noqa: SLF001 - it lives as long as this run
    return Work(node, job, key)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own address
            return
        time.sleep(0.2)
    raise SystemExit("the web server did not start")


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
