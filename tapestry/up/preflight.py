"""What must hold before anything is started. Each refusal says what to do."""

import errno
import shutil
import socket
import sys
from pathlib import Path

from tapestry.environment import Environment

LEAST_FREE_BYTES = 500_000_000
PYTHON = (3, 11)


class CannotStart(Exception):  # noqa: N818 - named for what is the case
    """The surroundings do not allow a start; the text names the cause and the remedy."""


def check_surroundings(environment: Environment) -> None:
    """Python, the folder, the disk, the port, in that order.

    Raises:
        CannotStart: at the first that does not hold.
    """
    check_python()
    check_folder(environment.var)
    check_disk(environment.var)
    check_port(environment.bind, environment.port)


def check_python() -> None:
    """The pins of constraints.txt are made for one version. Raises CannotStart."""
    if sys.version_info[:2] != PYTHON:
        wanted, found = ".".join(map(str, PYTHON)), ".".join(map(str, sys.version_info[:2]))
        raise CannotStart(
            f"This is Python {found}; Tapestry Catalog runs on {wanted}: make run PYTHON=python{wanted}"
        )


def check_folder(var: Path) -> None:
    """The folder can be made and written. Raises CannotStart."""
    probe = var / ".writable"
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"{var} cannot be written ({error.strerror}). Name another: TAPESTRY_VAR=/some/other/folder"
        ) from None


def check_disk(var: Path) -> None:
    """There is room for a database that is only starting. Raises CannotStart."""
    free = shutil.disk_usage(var).free
    if free < LEAST_FREE_BYTES:
        raise CannotStart(
            f"{var} has {free / 1e6:.0f} MB left, and a start needs {LEAST_FREE_BYTES / 1e6:.0f} MB. "
            "Free some space, or name a folder on another disk: TAPESTRY_VAR=/some/other/folder"
        )


def check_port(host: str, port: int) -> None:
    """Nobody else serves there. Raises CannotStart."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(
                    f"Port {port} is in use. Choose another: TAPESTRY_PORT={_free_port(port)}"
                ) from None
            raise CannotStart(
                f"{host}:{port} cannot be served ({error.strerror}). See TAPESTRY_BIND, TAPESTRY_PORT."
            ) from None


def _free_port(port: int) -> int:
    """One that is free now, near the wanted one."""
    for candidate in range(port + 1, min(port + 50, 65536)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", candidate)) != 0:
                return candidate
    return port + 1


def empty_scratch(folder: Path) -> None:
    """Remove what workers that were killed left of their work in progress; none of ours runs yet."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
