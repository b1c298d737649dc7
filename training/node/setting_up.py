"""A node's first files, written once: who it is, and rules that allow nothing before its operator says so."""

import json
import re
import socket
from pathlib import Path
from typing import Any, Final

from training.node.durable import write_whole
from training.node.errors import SetupError
from training.node.home import NodeHome

POLICY: Final = """\
# What this node does at all, whatever a manifest says. What is not named here is refused.
# Each line is explained in docs/node.md.

# For what: "evaluation" measures models, "contributed-cpt" trains the shared base.
purposes = ["evaluation"]
# On which datasets: slugs, or patterns such as "udhr-*". None yet: nothing runs before you name some.
datasets = []
forbidden_datasets = []

# A person here agrees to each job ("tapestry-node approve"): "always", "never", or a list of purposes.
approval = "always"
# When, such as ["22:00-06:00"]; an empty list means at any hour.
hours = []
time_zone = "UTC"
# A round of fewer nodes than this gets nothing from here.
minimum_quorum = 2

# The most that one job may ask for.
max_seconds = 3600
max_memory_bytes = {memory}
max_steps = 10000

# What the coordinator hears of your private builds: nothing, unless you name it.
report = []
# Days for which closed jobs, and results that a round did not wait for, stay on this disk.
keep_days = 30

# The most in one day and one month; remove a line to leave it open.
[budget.day]
seconds = 14400
[budget.month]
seconds = 144000
"""
_NOT_IN_SLUG: Final = re.compile(r"[^a-z0-9]+")


def lay_out(home: NodeHome, said: dict[str, Any]) -> list[str]:
    """Write ``node.toml`` and ``policy.toml`` where they are not, and return the names of what was written.

    Raises:
        SetupError: ``node-config`` when there is no file and ``said`` names no coordinator or member.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    written = []
    configuration = home.folder / "node.toml"
    if not configuration.exists():
        write_whole(configuration, _configuration(configuration, said))
        written.append(configuration.name)
    if not home.policy_file.exists():
        write_whole(home.policy_file, POLICY.format(memory=_memory()))
        written.append(home.policy_file.name)
    home.data.mkdir(parents=True, exist_ok=True)
    return written


def _configuration(path: Path, said: dict[str, Any]) -> str:
    absent = [name for name in ("coordinator", "member", "jurisdiction") if not said.get(name)]
    if absent:
        asked = ", ".join(f"--{name}" for name in absent)
        raise SetupError("node-config", f"there is no {path} yet: say {asked}")
    host = _NOT_IN_SLUG.sub("-", socket.gethostname().lower()).strip("-") or "node"
    slug = said.get("slug") or f"{said['member']}-{host}"[:80].strip("-")
    values = {
        "slug": slug,
        "name": said.get("name") or slug,
        "member": said["member"],
        "form": said.get("form") or "sovereign",
        "jurisdiction": said["jurisdiction"],
        "coordinator": said["coordinator"],
        **{name: said[name] for name in ("broker", "proxy", "ca_file") if said.get(name)},
    }
    # A JSON string without control characters is a TOML basic string as well.
    return "".join(
        f"{name} = {json.dumps(str(value), ensure_ascii=False)}\n" for name, value in values.items()
    )


def _memory() -> int:
    """Half of this machine's memory, in bytes."""
    import psutil

    return int(psutil.virtual_memory().total // 2)
