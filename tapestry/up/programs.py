"""The programs of the stack as commands: web, worker, beat, and the demonstration's nodes."""

import sys
import tomllib
from pathlib import Path

from tapestry.embedded.process import Command
from tapestry.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
# A node is a member's machine: what it does not need to know, it must not see even when it runs beside us.
COORDINATOR_ONLY = frozenset(
    {
        *("DATABASE_URL", "REDIS_URL", "TAPESTRY_SECRET_KEY", "BLOB_URL", "EMAIL_URL"),
        "DJANGO_SETTINGS_MODULE",
    }
)
RUN_NODE = "import sys; from training.node.cli import main; sys.exit(main())"


def _ours(environment: Environment) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "tapestry.settings",
        "TAPESTRY_VAR": str(environment.var),
        "TAPESTRY_PORT": str(environment.port),
        "TAPESTRY_BIND": environment.bind,
    }


def web(environment: Environment) -> Command:
    """Gunicorn."""
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:tapestry.gunicorn", "tapestry.wsgi:application"]
    return Command(name="web", argv=argv, environment=_ours(environment), stop_seconds=12)


def worker(environment: Environment) -> Command:
    """Celery's worker for the coordinator's queue and large merges; one thread for arithmetic: DESIGN §7."""
    argv = [sys.executable, "-m", "celery", "-A", "tapestry.celery", "worker", "-Q", "coordinator,merging"]
    argv += ["-c", "2", "-n", "coordinator@%h", "-l", "info", "--without-gossip", "--without-mingle"]
    return Command(
        name="worker", argv=argv, environment={**_ours(environment), "OMP_NUM_THREADS": "1"}, stop_seconds=15
    )


def inspector(environment: Environment) -> Command:
    """Celery's worker for the inspection of files, which may take minutes: rounds need not wait for it."""
    argv = [sys.executable, "-m", "celery", "-A", "tapestry.celery", "worker", "-Q", "inspection", "-c", "1"]
    argv += ["-n", "inspection@%h", "-l", "info", "--without-gossip", "--without-mingle"]
    # Unpacked data lie where the program keeps its own, and are swept at the next start after a kill.
    surroundings = {**_ours(environment), "OMP_NUM_THREADS": "1", "TMPDIR": str(environment.scratch)}
    return Command(name="inspector", argv=argv, environment=surroundings, stop_seconds=15)


def beat(environment: Environment) -> Command:
    """Celery's clock."""
    argv = [sys.executable, "-m", "celery", "-A", "tapestry.celery", "beat", "-l", "warning", "--pidfile="]
    return Command(name="beat", argv=argv, environment=_ours(environment), stop_seconds=5)


def first_round(environment: Environment) -> Command:
    """The demonstration's first round, played in the background; nothing to do where one has ended before."""
    argv = [sys.executable, str(ROOT / "manage.py"), "play_round", "--only-first"]
    return Command(name="first-round", argv=argv, environment=_ours(environment), once=True, stop_seconds=5)


def nodes(environment: Environment) -> list[Command]:
    """One command for each enrolled home folder `var/nodes/<slug>/node.toml`."""
    homes = sorted(path.parent for path in (environment.var / "nodes").glob("*/node.toml"))
    return [
        Command(
            name=f"node-{home.name}",
            argv=[sys.executable, "-c", RUN_NODE, "run", "--home", str(home)],
            environment=_of_node(environment, home),
            hidden=COORDINATOR_ONLY,
        )
        for home in homes
    ]


def _of_node(environment: Environment, home: Path) -> dict[str, str]:
    """What a node beside us needs: where we are now, which another port or folder changes, and no more."""
    given = {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
        "TAPESTRY_NODE_COORDINATOR": environment.address,
    }
    if tomllib.loads((home / "node.toml").read_text("utf-8")).get("form") == "attached":
        given["TAPESTRY_NODE_BROKER"] = environment.broker_url
    return given
