"""What people do in a test of the running program, through the services: `Running.act` calls these by name.

Each runs in a process of its own beside the program, with Django set up, and prints JSON.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils import timezone

from catalog.datasets.models import Dataset
from catalog.datasets.services import withdraw_dataset
from catalog.members.models import Role
from tapestry.demonstration.facts import load_consortium
from tapestry.demonstration.people import maintainers, person
from tapestry.demonstration.seeding import FAMILY
from training.contributions.models import Contribution
from training.contributions.re_executing import request_re_execution
from training.families.models import ModelFamily
from training.merge import VOTED
from training.nodes.models import Node
from training.nodes.services import reinstate_node, suspend_node
from training.rollbacks.models import Level, Rollback
from training.rollbacks.proposing import propose_rollback, take_back_rollback
from training.rollbacks.speaking import speak_on_rollback
from training.rollbacks.states import RollbackState
from training.rounds.merging import merge
from training.rounds.models import Round, StragglerChoice
from training.rounds.opening import open_round
from training.rounds.plan import TrainingPlan
from training.rounds.stragglers import ballot_of, vote_on_stragglers
from training.rounds.waits import WAITS


def open_a_round(steps: int, seconds: int) -> int:
    """Open the next round of the demonstration, which collects for so many seconds; return its number.

    Without merges that leave one out, as if that had been voted for: nodes measure two models, not five.
    """
    opener = maintainers(load_consortium(), without="")[0]
    round_ = open_round(
        opener,
        ModelFamily.objects.get(slug=FAMILY),
        TrainingPlan(steps=steps, warmup_steps=min(steps, 10)),
        quorum=2,
        deadline=timezone.now() + timedelta(seconds=seconds),
        mode=Round.Mode.SYNCHRONOUS,
    )
    round_.rules["merge.leave_one_out"] = 0
    round_.save(update_fields=["rules"])
    return round_.number


def merge_by(number: int, rule: str) -> None:
    """Let the round's updates be merged as if this rule had been voted for before it opened."""
    round_ = Round.objects.get(family__slug=FAMILY, number=number)
    round_.rules["merge.rule"] = VOTED.index(rule)
    round_.save(update_fields=["rules"])


def go_on_without_the_missing(number: int) -> str:
    """Let members vote to go on until they are enough; return the round's state then."""
    round_ = Round.objects.get(family__slug=FAMILY, number=number)
    for maintainer in maintainers(load_consortium(), without=""):
        round_.refresh_from_db()
        ballot = ballot_of(round_)
        missing = {each.job.node.member.slug for each in ballot.missing} if ballot else set()
        if ballot and not missing & maintainer.members:
            vote_on_stragglers(maintainer, round_, StragglerChoice.GO_ON, note="It will be back.")
    round_.refresh_from_db()
    return round_.state


def merge_the_round(number: int) -> None:
    """Merge as the worker would, in this process."""
    merge(Round.objects.get(family__slug=FAMILY, number=number).pk)


def let_node_work(slug: str) -> None:
    """Reinstate a suspended node, on the word of another member."""
    node = Node.objects.select_related("member").get(slug=slug)
    speaker = maintainers(load_consortium(), without=node.member.slug)[0]
    reinstate_node(speaker, node, cause="It is switched on.")


def let_node_rest(slug: str) -> None:
    """Suspend a node."""
    speaker = maintainers(load_consortium(), without="")[0]
    suspend_node(speaker, Node.objects.get(slug=slug), cause="It is switched off.")


def compute_again(number: int, by: str, on: str) -> str:
    """Ask node ``on`` to compute the update of node ``by`` again; return the job's id."""
    given = Contribution.objects.get(round__family__slug=FAMILY, round__number=number, job__node__slug=by)
    node = Node.objects.select_related("member").get(slug=on)
    asker = maintainers(load_consortium(), without=given.job.node.member.slug)[0]
    return str(request_re_execution(asker, given, node).pk)


def withdraw_and_take_out(slug: str, node: str) -> str:
    """Withdraw an entry as its steward, and have members agree to take out what the node gave last from it.

    Returns the rollback's id.
    """
    consortium = load_consortium()
    entry = Dataset.objects.select_related("member").get(slug=slug)
    steward = person(consortium, member=entry.member.slug, role=Role.STEWARD)
    withdraw_dataset(actor=steward, dataset=entry, reason="The community took its word back.")
    given = Contribution.objects.filter(
        job__node__slug=node, job__inputs__version__dataset=entry, state="merged"
    )
    last = given.select_related("round__family").latest("round__number")
    for proposed in Rollback.objects.filter(family=last.round.family, state=RollbackState.PROPOSED):
        take_back_rollback(person(consortium, member=proposed.member.slug, role=Role.MAINTAINER), proposed)
    rollback = propose_rollback(
        steward,
        last.round.family,
        [last],
        level=Level.REPLAY,
        reason_code="consent-withdrawn",
        grounds="Its texts were withdrawn.",
    )
    for maintainer in maintainers(consortium, without=entry.member.slug):
        rollback.refresh_from_db()
        if rollback.state == RollbackState.PROPOSED:
            speak_on_rollback(maintainer, rollback, agrees=True)
    return str(rollback.pk)


def codes_of_waits() -> list[str]:
    """Return every cause for which a round may stand still."""
    return sorted(WAITS)


ACTS: Final[dict[str, Callable[..., object]]] = {
    act.__name__: act
    for act in (
        open_a_round,
        merge_by,
        go_on_without_the_missing,
        merge_the_round,
        let_node_work,
        let_node_rest,
        compute_again,
        withdraw_and_take_out,
        codes_of_waits,
    )
}


def act(name: str, *given: object) -> None:
    """Do one of these and print what it returned."""
    sys.stdout.write(json.dumps(ACTS[name](*given)))
