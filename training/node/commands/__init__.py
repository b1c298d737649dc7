"""The commands of ``tapestry-node``, by what they are about."""

import argparse
from collections.abc import Callable
from typing import Any

Add = Callable[[str, Callable[..., Any], str], argparse.ArgumentParser]
"""Puts a command into the parser: its name, what it does, and its line of help; gives its own parser."""
