"""One job in hand: its journal, its home, its way to the coordinator, and what to look at while it runs."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from provenance.signing.keys import PrivateKey
from training.manifest import JobManifest, Kind
from training.node.client import Coordinator
from training.node.errors import Interrupted, SetupError
from training.node.home import NodeHome
from training.node.jobs.heartbeat import Heartbeat
from training.node.jobs.journal import Journal
from training.node.policy.holding import check_disk, check_times, check_word
from training.node.policy.local_policy import load_policy

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at the member's rules while a job runs."""


@dataclass(kw_only=True)
class Work:
    """A job that this node works on now.

    Attributes:
        regain: takes the lease again when another attempt has to go on; called from the job's own thread.
        heartbeat: None where nobody is told (private builds) or nothing was claimed yet.
    """

    home: NodeHome
    coordinator: Coordinator
    journal: Journal
    stopping: threading.Event
    regain: Callable[["Work"], None]
    heartbeat: Heartbeat | None = None
    _looked: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> str:
        """The job's address in the API."""
        return f"/api/v1/jobs/{self.journal.job}"

    @cached_property
    def manifest(self) -> JobManifest:
        """The manifest, checked when it came."""
        return self.journal.manifest

    @property
    def kind(self) -> Kind:
        """What kind of job it is."""
        return self.manifest.kind

    @property
    def key(self) -> PrivateKey:
        """The key that the manifest names, which may be one that was rotated since.

        Raises:
            SetupError: ``key-lost`` when it is not in the folder of keys any more.
        """
        key = self.home.key_named(self.manifest.node)
        if key is None:
            raise SetupError("key-lost", f"{self.home.keys} has no key {self.manifest.node}")
        return key

    def attend(self, report: dict[str, Any] | None) -> None:
        """Note what the child reported; end the job, or hold it, where somebody or something asks for it.

        Raises:
            Interrupted: ``node-stopping``, ``cancelled``, ``paused-there``. Held: the member's rules.
            NodeError: what a heartbeat was told of the node itself.
        """
        if self.stopping.is_set():
            raise Interrupted("node-stopping", "this node is shutting down")
        if self.heartbeat is not None:
            self.heartbeat.take(report)
            self.heartbeat.check(lambda: self.regain(self))
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            self.look()

    def rekey(self) -> bool:
        """Sign requests with the key that is in force now; whether it is another than before."""
        now = NodeHome(self.home.folder).key
        changed = now.did != self.coordinator.key.did
        self.coordinator.use_key(now)
        return changed

    def look(self) -> None:
        """Hold the job when the member's rules say so; raises Held."""
        policy = load_policy(self.home.policy_file)
        check_word(self.journal, policy)
        check_times(self.home, policy)
        check_disk(self.home)
