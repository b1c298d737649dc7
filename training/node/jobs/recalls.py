"""Answering what the coordinator asks back: this node's own updates, by hash, when a replay needs them."""

import logging
import threading
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

from training.node.client import Coordinator, hash_file
from training.node.errors import NodeError
from training.node.home import NodeHome
from training.node.jobs import execution
from training.node.jobs.updates import copy_of

logger = logging.getLogger(__name__)

ASK_SECONDS: Final = 60.0
LONGEST_AWAY: Final = 600.0
PATH: Final = "/api/v1/node/recalls"
GONE: Final = "update-gone"
DAMAGED: Final = "update-damaged"


class Recalls(threading.Thread):
    """Asks outward only, in nodes of both forms; beside the jobs, so that a replay waits for no training."""

    def __init__(self, home: NodeHome) -> None:
        super().__init__(name="recalls", daemon=True)
        self._home = home

    def run(self) -> None:
        """Answer until the node stops; a coordinator that is away is asked ever more slowly."""
        pause = ASK_SECONDS
        while not execution.stopping.wait(pause):
            try:
                answer_recalls(self._home)
                pause = ASK_SECONDS
            except NodeError as error:
                logger.info("recalls wait: %s: %s", error.code, error)
                pause = min(pause * 2, LONGEST_AWAY)


def answer_recalls(home: NodeHome) -> int:
    """Send back what is asked for and is here, say of the rest that it is gone; return how many were asked.

    Raises:
        NodeError: the coordinator is away or does not work with this node now; it asks again.
    """
    # Anew each time: the key in force may have changed.
    home = NodeHome(home.folder)
    with closing(Coordinator.of(home, patience=0, stopping=execution.stopping)) as coordinator:
        asked = coordinator.get(PATH)["recalls"]
        for wanted in asked:
            _answer(home, coordinator, wanted)
    return len(asked)


def _answer(home: NodeHome, coordinator: Coordinator, wanted: Mapping[str, Any]) -> None:
    """Send one update back; the copy is hashed first, so that no damaged byte leaves this machine."""
    path, sha256 = f"{PATH}/{wanted['contribution']}", str(wanted["sha256"])
    file = copy_of(home, sha256)
    if not file.exists():
        code = GONE
    elif hash_file(file) != (bytes.fromhex(sha256), int(wanted["bytes"])):
        code = DAMAGED
    else:
        coordinator.push(path, file, attempt=1, sha256=sha256, size=int(wanted["bytes"]))
        logger.info("sent the update %s back", sha256[:12])
        return
    coordinator.post(f"{path}/gone", {"code": code})
    logger.warning("the update %s was asked for, and is %s", sha256[:12], code)
