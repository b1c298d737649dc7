"""``python -m catalog.facts.child``: reads one request from stdin, writes one JSON object a line to stdout.

``{"progress": [done, total]}`` again and again, then ``{"facts": {…}}`` or ``{"refused": [code, message]}``.
"""

import json
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from catalog.facts.errors import FileRefused
from catalog.facts.inspecting import inspect_file
from catalog.facts.limits import Limits

ADDRESS_HEADROOM: Final = 1 << 30
"""Address space above the resident set that is allowed: libraries reserve far more than they touch."""

_TICK: Final = 0.5


def bound_myself(limits: Limits) -> None:
    """Let the kernel hold what it can: address space, processor time, size of written files, no core dumps.

    A file written may be as large as all that may be unpacked. The resident set is watched from outside.
    """
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes + ADDRESS_HEADROOM),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.unpacked_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # the kernel kills at the hard limit of processor time, and says why (SIGXCPU) at the soft one
        last = hard if kind == resource.RLIMIT_CPU else allowed
        resource.setrlimit(kind, (allowed, last))


def say(**message: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Ticker:
    """Reports progress twice a second at most."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Report bytes done, if it is time."""
        if (now := time.monotonic()) >= self._next or done == total:
            self._next = now + _TICK
            say(progress=[done, total])


def main() -> None:
    """Inspect the file that the request names."""
    request = json.loads(sys.stdin.readline())
    limits = Limits(**request.pop("limits"))
    bound_myself(limits)
    try:
        facts = inspect_file(Path(request.pop("path")), limits=limits, progress=Ticker(), **request)
    except FileRefused as refused:
        say(refused=[refused.code, refused.message])
    except MemoryError:
        say(refused=["inspection-out-of-memory", FileRefused("inspection-out-of-memory").message])
    else:
        say(facts=facts.model_dump(mode="json"))


def request_for(path: Path, limits: Limits, **rest: Any) -> str:
    """Return the line that a child reads."""
    return json.dumps({"path": str(path.resolve()), "limits": asdict(limits), **rest}) + "\n"


if __name__ == "__main__":
    main()
