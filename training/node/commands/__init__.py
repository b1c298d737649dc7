"""The commands of ``tapestry-node``, by what they are about."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Add = Callable[[str, Callable[..., Any], str], argparse.ArgumentParser]
"""Puts a command into the parser: its name, what it does, and its line of help; gives its own parser."""


def anywhere() -> argparse.ArgumentParser:
    """Return the parent of every parser: what may stand before and behind a command."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--home", type=Path, default=argparse.SUPPRESS, help="the node's folder (default: this one)"
    )
    return parent
