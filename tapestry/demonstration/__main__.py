"""``python -m tapestry.demonstration``: the main job on a stack of its own: a free port, an empty folder."""

import os
import shutil
import socket
import sys
from pathlib import Path


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Set the stage by variables, which settings read, and run ``manage.py demo``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")
    os.environ.setdefault("TAPESTRY_PORT", str(free_port()))
    if "TAPESTRY_VAR" not in os.environ:
        folder = Path("var/demo")
        shutil.rmtree(folder, ignore_errors=True)
        os.environ["TAPESTRY_VAR"] = str(folder)
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], "demo"])


if __name__ == "__main__":
    main()
