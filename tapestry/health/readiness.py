"""Is the program ready? Every component is asked at the same time, and none may keep us waiting."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from threading import Lock
from typing import Any

from django.db import connections

from tapestry.health.checks import CHECKS, NotReady, Seen

LONGEST_SECONDS = 1.0
_pool = ThreadPoolExecutor(max_workers=len(CHECKS), thread_name_prefix="readiness")
_running: dict[str, "Future[Seen]"] = {}
_guard = Lock()


def readiness() -> dict[str, Any]:
    """`{"ready": bool, "components": {name: {"state", "version"?, "detail"?}}}` within about one second."""
    deadline = time.monotonic() + LONGEST_SECONDS
    asked = {name: _ask(name) for name in CHECKS}
    components = {name: _answer(future, deadline - time.monotonic()) for name, future in asked.items()}
    return {"ready": all(part["state"] == "ok" for part in components.values()), "components": components}


def _ask(name: str) -> "Future[Seen]":
    """Start a check, or join the one that still runs: callers in a hurry must not pile up threads."""
    with _guard:
        running = _running.get(name)
        if running is None or running.done():
            running = _running[name] = _pool.submit(_check, name)
        return running


def _check(name: str) -> Seen:
    try:
        return CHECKS[name]()
    finally:
        connections.close_all()


def _answer(future: "Future[Seen]", seconds: float) -> dict[str, str]:
    try:
        seen = future.result(max(0.0, seconds))
    except NotReady as error:
        return {"state": "waiting", "detail": str(error)}
    except TookTooLong:
        return {"state": "failed", "detail": f"no answer within {LONGEST_SECONDS:.0f} s"}
    except Exception as error:  # noqa: BLE001 - whatever it is, the component is not usable
        # The class alone: texts of errors carry hosts, users and paths.
        return {"state": "failed", "detail": type(error).__name__}
    found = {"state": "ok", "version": seen.version, "detail": seen.detail}
    return {name: value for name, value in found.items() if value}
