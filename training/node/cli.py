"""``tapestry-node``: enrol a machine, run it, look at it, describe local data for a proposal."""

import argparse
import json
import logging
import sys
from pathlib import Path

from provenance.signing.errors import SigningError
from training.node import own_queue, poller, trust, worker
from training.node.client import Coordinator
from training.node.errors import NodeError, Refused
from training.node.home import NodeHome
from training.node.inputs import describe
from training.node.local_policy import load_policy


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did what it was asked, 1 with one clear line when it could not."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    home = NodeHome(options.home)
    commands = {"enrol": enrol, "run": run, "status": status, "describe": describe_data}
    try:
        commands[options.command](home, options)
    except (NodeError, SigningError) as error:
        sys.stderr.write(f"tapestry-node: {error} [{error.code}]\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def enrol(home: NodeHome, _: argparse.Namespace) -> None:
    """Make the key here, pin the coordinator's, ask to be let in. Safe to repeat."""
    config = home.config
    coordinator = Coordinator(url=config.coordinator, key=home.key)
    trust.pin(home, coordinator.get("/.well-known/did.json"))
    wish = config.model_dump(mode="json", include={"slug", "name", "member", "form", "jurisdiction"})
    answer = coordinator.post("/api/v1/nodes/enrol", {**wish, "did": home.key.did})
    _say(f"{config.slug} is {answer['state']} at {config.coordinator} as {home.key.did}")


def run(home: NodeHome, _: argparse.Namespace) -> None:
    """Work until told to stop."""
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
    config, policy = home.config, load_policy(home.policy_file)
    _say(f"node         {config.slug} of {config.member} ({config.form})")
    _say(f"identity     {home.key.did}")
    _say(f"allowed      {', '.join(sorted(policy.purposes))} on {', '.join(policy.datasets)}")
    found = Coordinator(url=config.coordinator, key=home.key, patience=2).get("/api/v1/node/self")
    _say(f"coordinator  {config.coordinator}: {found['state']}")


def describe_data(home: NodeHome, options: argparse.Namespace) -> None:
    """Print the list of pointers that a local-only proposal asks for: hashes and sizes, no content."""
    if not options.dataset:
        raise Refused("dataset-missing", "name the dataset: a folder under this node's data folder")
    _say(json.dumps(describe(home.data / options.dataset), indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tapestry-node", description=__doc__)
    parser.add_argument("command", choices=["enrol", "run", "status", "describe"])
    parser.add_argument("dataset", nargs="?", help="for describe: the dataset's folder")
    parser.add_argument("--home", type=Path, default=Path(), help="the node's folder (default: this one)")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
