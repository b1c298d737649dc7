"""``tapestry-node``: enrol a machine, run it, look at it; agree to jobs; build models of one's own."""

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from provenance.signing.errors import SigningError
from training.node.commands import (
    anywhere,
    build_commands,
    data_commands,
    job_commands,
    node_commands,
    verify_commands,
)
from training.node.errors import NodeError
from training.node.home import NodeHome


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did what it was asked, 1 with one clear line when it could not."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        return options.act(NodeHome(getattr(options, "home", Path())), options) or 0
    except (NodeError, SigningError) as error:
        sys.stderr.write(f"tapestry-node: {error} [{error.code}]\n")
        return 1
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tapestry-node", description=__doc__, parents=[anywhere()])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, act: Callable[..., Any], told: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(name, help=told, parents=[anywhere()])
        added.set_defaults(act=act)
        return added

    for family in (node_commands, job_commands, build_commands, data_commands, verify_commands):
        family.add_to(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())
