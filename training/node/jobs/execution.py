"""One job taken as far as it goes now: the only way in, for attached and sovereign nodes alike.

A message carries only the id; everything else comes through the API, signed and checked. A repeated message
is harmless, and so is a lost one: the journal here and the row over there say what is to be done (INV-8).
"""

import logging
import threading
from contextlib import ExitStack, closing, suppress
from typing import Final

from training.node.client import Coordinator
from training.node.durable import only_one
from training.node.errors import Gone, Interrupted, NodeError, Unreachable
from training.node.home import NodeHome
from training.node.jobs.answering import Outcome, answer, ended
from training.node.jobs.arrows import ALONE, ARROWS, finish
from training.node.jobs.heartbeat import Heartbeat
from training.node.jobs.journal import Journal, Step
from training.node.jobs.lease import claim, regain
from training.node.jobs.manifests import accepted
from training.node.jobs.work import Work
from training.node.policy.holding import check_room, check_times, check_word
from training.node.policy.local_policy import check, load_policy

logger = logging.getLogger(__name__)

PATIENCE: Final = 20.0
"""Seconds for which one request is tried again before the job waits for a better moment."""
stopping = threading.Event()
"""Set when this node is asked to end: the running job stops where it is, and goes on at the next start."""


def take_on(home: NodeHome, journal: Journal) -> Outcome:
    """Take the job as far as it goes now, and say what it waits for then."""
    with closing(Coordinator.of(home, patience=PATIENCE, stopping=stopping)) as coordinator:
        work = Work(home=home, coordinator=coordinator, journal=journal, stopping=stopping, regain=regain)
        try:
            _go(work)
            return ended(work, journal.ended)
        except NodeError as error:
            return answer(work, error)


def _go(work: Work) -> None:
    """Go from step to step until the job is done; every reason to stop is raised."""
    journal = work.journal
    if journal.step is Step.SENT:
        finish(work)
        return
    with _machine(work) as machine:
        _prepare(work)
        _take(work)
        with _heartbeat(work):
            while journal.is_open:
                if work.stopping.is_set():
                    raise Interrupted("node-stopping", "this node is shutting down")
                if journal.step.rank >= Step.COMPUTED.rank:
                    machine.close()
                ARROWS[journal.step](work)


def _machine(work: Work) -> ExitStack:
    """Hold this home's lock on computing: a private build and a job never share the machine."""
    machine = ExitStack()
    if work.journal.step.rank < Step.COMPUTED.rank:
        machine.enter_context(only_one(work.home.folder / "computing.lock"))
    return machine


def _prepare(work: Work) -> None:
    """Fetch and check the manifest once, and hold the job against the member's rules each time."""
    journal, policy = work.journal, load_policy(work.home.policy_file)
    if not journal.manifest_digest:
        envelope = work.coordinator.get(f"{work.path}/manifest")
        journal.keep_manifest(envelope, kind=accepted(work.home, envelope).kind)
    if journal.attempt == 0 and not journal.claiming:
        check(accepted(work.home, journal.envelope), policy)
    check_word(journal, policy)
    if journal.step.rank >= Step.COMPUTED.rank:
        return
    check_times(work.home, policy)
    check_room(work.home, journal, policy)


def _take(work: Work) -> None:
    """Claim the job, or where it was held before ask what became of it; with nobody there, go on alone."""
    journal = work.journal
    try:
        if not (journal.attempt or journal.claiming or journal.told_pause):
            with suppress(Gone):
                claim(work)
                return
        regain(work)
    except Unreachable:
        if work.journal.step not in ALONE:
            raise
        logger.warning("job %s goes on alone: the coordinator is away", work.journal.job)


def _heartbeat(work: Work) -> Heartbeat:
    work.heartbeat = Heartbeat(
        coordinator=work.coordinator,
        path=f"{work.path}/heartbeat",
        attempt=work.journal.attempt,
        lease=work.journal.lease_seconds or float(work.manifest.lease_seconds),
        rekey=work.rekey,
    )
    return work.heartbeat
