"""``tapestry-node``: enrol a machine, run it, look at it; describe, seal and prove what lies there."""

import argparse
import logging
import sys
from pathlib import Path

from provenance.signing.errors import SigningError
from training.node import data_commands
from training.node.errors import NodeError
from training.node.home import NodeHome


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did what it was asked, 1 with one clear line when it could not."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        options.act(NodeHome(getattr(options, "home", Path())), options)
    except (NodeError, SigningError) as error:
        sys.stderr.write(f"tapestry-node: {error} [{error.code}]\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def enrol(home: NodeHome, _: argparse.Namespace) -> None:
    """Make the key here, pin the coordinator's, ask to be let in. Safe to repeat."""
    from training.node import trust
    from training.node.client import Coordinator

    config = home.config
    coordinator = Coordinator(url=config.coordinator, key=home.key)
    trust.pin(home, coordinator.get("/.well-known/did.json"))
    wish = config.model_dump(mode="json", include={"slug", "name", "member", "form", "jurisdiction"})
    answer = coordinator.post("/api/v1/nodes/enrol", {**wish, "did": home.key.did})
    _say(f"{config.slug} is {answer['state']} at {config.coordinator} as {home.key.did}")


def run(home: NodeHome, _: argparse.Namespace) -> None:
    """Work until told to stop."""
    from training.node import own_queue, poller, trust, worker
    from training.node.local_policy import load_policy

    config = home.config
    load_policy(home.policy_file)
    trust.pinned(home)
    if config.form == "attached":
        app = worker.make_app(home, broker=config.broker)
        worker.work(app, queue=f"node.{config.slug}", name=f"{config.slug}@node")
        return
    app = worker.make_app(home, broker=own_queue.start_queue(home))
    poller.Poller(home, app).start()
    worker.work(app, queue=poller.QUEUE, name=f"{config.slug}@node")


def status(home: NodeHome, _: argparse.Namespace) -> None:
    """Say who this node is, what its policy allows, and what the coordinator thinks of it."""
    from training.node.client import Coordinator
    from training.node.local_policy import load_policy

    config, policy = home.config, load_policy(home.policy_file)
    _say(f"node         {config.slug} of {config.member} ({config.form})")
    _say(f"identity     {home.key.did}")
    _say(f"allowed      {', '.join(sorted(policy.purposes))} on {', '.join(policy.datasets)}")
    found = Coordinator(url=config.coordinator, key=home.key, patience=2).get("/api/v1/node/self")
    _say(f"coordinator  {config.coordinator}: {found['state']}")


def _parser() -> argparse.ArgumentParser:
    anywhere = argparse.ArgumentParser(add_help=False)
    anywhere.add_argument(
        "--home", type=Path, default=argparse.SUPPRESS, help="the node's folder (default: this one)"
    )
    parser = argparse.ArgumentParser(prog="tapestry-node", description=__doc__, parents=[anywhere])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for act, told in (
        (enrol, "make a key here and ask the consortium to be let in"),
        (run, "work until told to stop"),
        (status, "say who this node is and how it stands"),
    ):
        commands.add_parser(act.__name__, help=told, parents=[anywhere]).set_defaults(act=act)
    data_commands.add_to(commands, parents=[anywhere])
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
