"""The peer: one array through Flower's message API, from its server to its node and back, on loopback.

Flower is installed into an environment of its own and is no dependency of ours. Both of its processes and
the app's two halves run as its users run them; the time is that of one `send_and_receive`.
"""

import os
import re
import subprocess
import tempfile
import textwrap
import time
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.wire.site import free_port

RELEASE = "flwr==1.41.0"
SECONDS = 3600
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "transferbench"
version = "1.0.0"
description = "One array there and back"
license = "Apache-2.0"
dependencies = ["flwr", "numpy"]
[tool.hatch.build.targets.wheel]
packages = ["."]
[tool.flwr.app]
publisher = "bench"
[tool.flwr.app.components]
serverapp = "echo.server:app"
clientapp = "echo.client:app"
[tool.flwr.app.config]
elements = 1
"""
SERVER = """
import time
import numpy as np
from flwr.app import ArrayRecord, Message, RecordDict
from flwr.serverapp import ServerApp

app = ServerApp()

@app.main()
def main(grid, context):
    while not (nodes := list(grid.get_node_ids())):
        time.sleep(0.2)
    array = np.ones(int(context.run_config["elements"]), np.float32)
    began = time.monotonic()
    content = RecordDict({"array": ArrayRecord([array])})
    (reply,) = grid.send_and_receive([Message(content=content, dst_node_id=nodes[0], message_type="query")])
    back = reply.content["array"].to_numpy_ndarrays()[0]
    print("MEASURED", back.nbytes, time.monotonic() - began, flush=True)
"""
CLIENT = """
from flwr.app import Message, RecordDict
from flwr.clientapp import ClientApp

app = ClientApp()

@app.query()
def query(message, context):
    return Message(RecordDict({"array": message.content["array"]}), reply_to=message)
"""


def measured(var: Path, size: int) -> dict[str, float]:
    """Return gigabits a second over both ways; nothing, after a line that says why, if it can not run."""
    try:
        programs = installed(var / "flower")
    except subprocess.CalledProcessError as error:
        print(f"Flower could not be installed, so there is no peer: {error.stderr[-300:]}")
        return {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, address = Path(name), f"127.0.0.1:{free_port()}"
        environment = os.environ | {
            "FLWR_HOME": str(folder),
            "FLWR_TELEMETRY_ENABLED": "0",
            "PATH": f"{programs}:{os.environ['PATH']}",
        }
        write_app(folder, address)
        link = ["flower-superlink", "--insecure", "--port", address.partition(":")[2]]
        stack.enter_context(running(link, folder, environment))
        time.sleep(5)
        node = ["flower-supernode", "--insecure", "--superlink", address]
        stack.enter_context(running(node, folder, environment))
        elements = f"elements={size // 4}"
        done = subprocess.run(
            ["flwr", "run", ".", "bench", "--stream", "--run-config", elements],
            cwd=folder / "app", env=environment, capture_output=True, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
    found = re.search(r"MEASURED (\d+) ([\d.]+)", done.stdout)
    if found is None:
        print(f"Flower did not finish: {(done.stdout + done.stderr)[-600:]}")
        return {}
    return {"both_ways": round(2 * int(found[1]) * 8 / 1e9 / float(found[2]), 3)}


def installed(folder: Path) -> Path:
    """Return the folder of its programs, installed there by the first run."""
    programs = folder / "bin"
    if not (programs / "flwr").exists():
        venv.create(folder, with_pip=True)
        words = [programs / "pip", "install", "--quiet", RELEASE, "numpy"]
        subprocess.run(words, check=True, capture_output=True, text=True)
    return programs


def write_app(folder: Path, address: str) -> None:
    package = folder / "app" / "echo"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "server.py").write_text(textwrap.dedent(SERVER))
    (package / "client.py").write_text(textwrap.dedent(CLIENT))
    (folder / "app" / "pyproject.toml").write_text(PROJECT)
    (folder / "config.toml").write_text(f'[superlink.bench]\naddress = "{address}"\ninsecure = true\n')


@contextmanager
def running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[None]:
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, 9)
            process.wait()
