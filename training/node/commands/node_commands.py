"""The commands of ``tapestry-node`` about the node itself: enrol, run, status, rotate-key."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from training.node.commands import Add
from training.node.commands.tables import say, say_json, say_pairs
from training.node.durable import only_one
from training.node.errors import Held, NodeError, SetupError, Unreachable
from training.node.home import NodeHome
from training.node.jobs.journal import journals
from training.node.policy.budgets import UNITS, Ledger, beginnings
from training.node.policy.local_policy import LocalPolicy, load_policy

AWAY: Final = 3
NOT_ACTIVE: Final = 4
RUNS: Final = "run.lock"
NEXT: Final = {
    "pending": "two maintainers of different members let it in; 'tapestry-node status' tells when they did",
    "active": "start it with 'tapestry-node run'",
    "suspended": "a maintainer suspended it; work on this machine waits until it is reinstated",
    "revoked": "it was let go for good; another node needs another key",
}


def enrol(home: NodeHome, options: argparse.Namespace) -> int:
    """Write the first files, make the key here, pin the coordinator's, ask to be let in. Safe to repeat."""
    from training.node import trust
    from training.node.client import Coordinator
    from training.node.machine import capabilities
    from training.node.setting_up import lay_out

    written = lay_out(home, vars(options))
    load_policy(home.policy_file)
    config = home.config
    with closing(Coordinator.of(home)) as coordinator:
        trust.pin(home, coordinator.get("/.well-known/did.json"))
        wish = config.model_dump(mode="json", include={"slug", "name", "member", "form", "jurisdiction"})
        said = {"capabilities": capabilities()}
        answer = coordinator.post("/api/v1/nodes/enrol", {**wish, "did": home.key.did, **said})
        coordinator.post("/api/v1/node/self", said)  # of a node that was enrolled before, the news
    if written:
        say(f"wrote {' and '.join(written)} in {home.folder}")
    say(f"{config.slug} is {answer['state']} at {config.coordinator} as {home.key.did}")
    say(f"next: {NEXT.get(str(answer['state']), 'ask the coordinator')}")
    if not load_policy(home.policy_file).datasets:
        say(f"and: name datasets in {home.policy_file}, which allows none yet")
    return 0


def run(home: NodeHome, _: argparse.Namespace) -> int:
    """Work until told to stop; a home is run by one process only."""
    from training.node import own_queue, poller, trust, worker
    from training.node.jobs.desk import Desk

    config = home.config
    load_policy(home.policy_file)
    trust.pinned(home)
    try:
        with only_one(home.folder / RUNS):
            desk = Desk(home)
            name = f"{config.slug}@node"
            if config.form == "attached":
                app = worker.make_app(desk, broker=config.broker)
                worker.work(app, desk, queue=f"node.{config.slug}", name=name)
            else:
                app = worker.make_app(desk, broker=own_queue.start_queue(home))
                poller.Poller(home, app).start()
                worker.work(app, desk, queue=poller.QUEUE, name=name)
    except Held:
        raise SetupError("node-runs-already", f"another process runs {home.folder}") from None
    return 0


def status(home: NodeHome, options: argparse.Namespace) -> int:
    """Say who this node is, what its policy allows and has left, and what the coordinator thinks of it.

    Exit code 0: active. 3: the coordinator does not answer. 4: it does, and the node may not work.
    """
    config, policy = home.config, load_policy(home.policy_file)
    state, trouble = _standing(home)
    open_ = [journal for journal in journals(home.jobs) if journal.is_open]
    found = {
        "slug": config.slug,
        "member": config.member,
        "form": config.form,
        "identity": home.key.did,
        "coordinator": config.coordinator,
        "state": state,
        "trouble": trouble,
        "running": _runs(home),
        "purposes": sorted(policy.purposes),
        "datasets": policy.datasets,
        "used": _used(home, policy),
        "jobs": {journal.job: journal.stands for journal in open_},
    }
    if options.json:
        say_json(found)
    else:
        _tell(found)
    return {"active": 0, "away": AWAY}.get(state, NOT_ACTIVE)


def rotate_key(home: NodeHome, _: argparse.Namespace) -> int:
    """Put a new key in force, named by the old one."""
    from training.node.key_rotation import rotate

    before, now = rotate(home)
    say(f"in force     {now}")
    say(f"kept         {before}, for work that names it, in {home.keys}")
    return 0


def add_to(add: Add) -> None:
    """Add these commands."""
    enrolling = add("enrol", enrol, "make a key here and ask the consortium to be let in")
    for name, told in (
        ("coordinator", "its address, such as https://tapestry.example.org"),
        ("member", "the member's short name there"),
        ("slug", "the node's own short name (default: the member's and this machine's)"),
        ("name", "its name for people"),
        ("jurisdiction", "two letters of the country where the machine stands"),
        ("broker", "address of the coordinator's queue, for an attached node"),
        ("proxy", "address of the proxy that leads out of this network"),
    ):
        enrolling.add_argument(f"--{name}", default="", help=told)
    enrolling.add_argument("--ca-file", type=Path, help="PEM file of a private authority")
    enrolling.add_argument("--form", choices=["sovereign", "attached"], default="sovereign")
    add("run", run, "work until told to stop")
    add("status", status, "say who this node is and how it stands").add_argument(
        "--json", action="store_true", help="for programs"
    )
    add("rotate-key", rotate_key, "put a new key in force, named by the old one")


def _standing(home: NodeHome) -> tuple[str, str]:
    from training.node.client import Coordinator

    try:
        with closing(Coordinator.of(home, patience=2)) as coordinator:
            return str(coordinator.get("/api/v1/node/self")["state"]), ""
    except Unreachable as error:
        return "away", str(error)
    except NodeError as error:
        return error.code, str(error)


def _runs(home: NodeHome) -> bool:
    try:
        with only_one(home.folder / RUNS):
            return False
    except Held:
        return True


def _used(home: NodeHome, policy: LocalPolicy) -> dict[str, dict[str, Any]]:
    ledger = Ledger(home.folder)
    return {
        span: ledger.since(begin).model_dump(include=set(UNITS))
        for span, begin in beginnings(datetime.now(UTC), policy.time_zone).items()
    }


def _tell(found: dict[str, Any]) -> None:
    used = found["used"]
    spent = [
        (f"this {span}", ", ".join(f"{used[span][unit]:,.0f} {name}" for unit, name in UNITS.items()))
        for span in used
    ]
    allowed = f"{', '.join(found['purposes'])} on {', '.join(found['datasets']) or 'no datasets yet'}"
    counts = [f"{job[:8]} {stands}" for job, stands in found["jobs"].items()]
    say_pairs(
        [
            ("node", f"{found['slug']} of {found['member']} ({found['form']})"),
            ("identity", found["identity"]),
            ("allowed", allowed),
            *spent,
            ("here", "running" if found["running"] else "not running: start it with 'tapestry-node run'"),
            ("jobs", ", ".join(counts) or "none open"),
            ("coordinator", f"{found['coordinator']}: {found['state']}"),
            *([("", found["trouble"])] if found["trouble"] else []),
            *([("", NEXT[found["state"]])] if found["state"] in NEXT and found["state"] != "active" else []),
        ]
    )
