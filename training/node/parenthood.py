"""A child that does not outlive its parent, however the parent dies."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def die_with_parent() -> Callable[[], None] | None:
    """Return what a child runs between fork and exec so that the kernel kills it with its parent.

    Linux only (prctl(2)); elsewhere None, and ``parent_is_gone`` has to do.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if parent_is_gone(parent):  # it died before the line above
            os._exit(1)

    return arrange


def die_with_launcher() -> None:
    """Die with the process that started this one, when that was not ours to prepare (``torchrun``).

    Its own parent is the node, so all three end together.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:  # it died before the line above
            sys.exit("the launcher of this process has ended")


def parent_is_gone(parent: int) -> bool:
    """Tell whether the process that started us has ended and we were handed to another."""
    return os.getppid() != parent
