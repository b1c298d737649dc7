"""What workers, nodes and maintainers do in a round, for tests that are about something else."""

from collections.abc import Iterable

from tests.training.api.signing_node import SigningNode, make_maintainer
from training.contributions.admitting import check_contribution
from training.contributions.deciding import decide_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.rounds.candidates import make_candidate
from training.rounds.conductor import advance
from training.rounds.merging import merge
from training.rounds.models import Round


def work(round_: Round) -> Round:
    """Let the workers go on until only nodes or people can: admission checks, trial merge and merge."""
    before = None
    while (round_.state, round_.candidate_id) != before:
        before = (round_.state, round_.candidate_id)
        advance(round_.pk)
        for contribution in Contribution.objects.filter(round=round_, state="received"):
            check_contribution(contribution.pk)
        advance(round_.pk)
        make_candidate(round_.pk)
        merge(round_.pk)
        round_.refresh_from_db()
    return round_


def train_all(round_: Round, nodes: Iterable[SigningNode]) -> Round:
    """Each node brings an update of its own; the workers go on to the candidate."""
    for seed, node in enumerate(nodes, 1):
        assert node.train(round_, seed).status_code == 201
    return work(round_)


def measure_all(round_: Round, nodes: Iterable[SigningNode]) -> Round:
    """Each node measures what the round has just made."""
    for node in nodes:
        assert node.evaluate(round_).status_code == 201
    return work(round_)


def decide_all(round_: Round, *, rejected: Iterable[SigningNode] = ()) -> Round:
    """Maintainers accept every update but those of the rejected nodes; the workers go on to the base."""
    against = {each.node.pk for each in rejected}
    for contribution in Contribution.objects.filter(round=round_, state="admitted").select_related("job"):
        verdict = DecisionVerdict.REJECT if contribution.job.node_id in against else DecisionVerdict.ACCEPT
        for _ in range(round_.quorum):
            decide_contribution(make_maintainer(), contribution, verdict, "Looked at.", ["other"])
    return work(round_)


def play(round_: Round, nodes: Iterable[SigningNode], *, seed: int = 1) -> Round:
    """Take a round through to its base: all train, measure and are accepted; updates begin at ``seed``."""
    advance(round_.pk)
    for place, node in enumerate(nodes):
        assert node.train(round_, seed + place).status_code == 201
    return decide_all(measure_all(work(round_), nodes))
