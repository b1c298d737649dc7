"""What people do in a test of the running program, through the services: `Running.act` calls these by name.

Each runs in a process of its own beside the program, with Django set up, and prints JSON.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils import timezone

from tapestry.demonstration.facts import load_consortium
from tapestry.demonstration.people import maintainers
from tapestry.demonstration.seeding import FAMILY
from training.contributions.models import Contribution
from training.contributions.re_executing import request_re_execution
from training.families.models import ModelFamily
from training.nodes.models import Node
from training.nodes.services import reinstate_node, suspend_node
from training.rounds.merging import merge
from training.rounds.models import Round, StragglerChoice
from training.rounds.opening import open_round
from training.rounds.plan import TrainingPlan
from training.rounds.stragglers import ballot_of, vote_on_stragglers
from training.rounds.waits import WAITS


def open_a_round(steps: int, seconds: int) -> int:
    """Open the next round of the demonstration, which collects for so many seconds; return its number."""
    opener = maintainers(load_consortium(), without="")[0]
    round_ = open_round(
        opener,
        ModelFamily.objects.get(slug=FAMILY),
        TrainingPlan(steps=steps, warmup_steps=min(steps, 10)),
        quorum=2,
        deadline=timezone.now() + timedelta(seconds=seconds),
        mode=Round.Mode.SYNCHRONOUS,
    )
    return round_.number


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


def codes_of_waits() -> list[str]:
    """Return every cause for which a round may stand still."""
    return sorted(WAITS)


ACTS: Final[dict[str, Callable[..., object]]] = {
    act.__name__: act
    for act in (
        open_a_round,
        go_on_without_the_missing,
        merge_the_round,
        let_node_work,
        let_node_rest,
        compute_again,
        codes_of_waits,
    )
}


def act(name: str, *given: object) -> None:
    """Do one of these and print what it returned."""
    sys.stdout.write(json.dumps(ACTS[name](*given)))
