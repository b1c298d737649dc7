"""A family with three rounds behind it: what its nodes brought is in its bases."""

from dataclasses import dataclass, field

from provenance.actors import Actor
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_family, make_maintainer, make_round
from tests.training.rounds.playing import decide_all, measure_all, work
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.families.models import ModelFamily
from training.rollbacks.models import Level, Rollback
from training.rollbacks.proposing import propose_rollback
from training.rollbacks.speaking import speak_on_rollback
from training.rounds.conductor import advance
from training.rounds.models import Round


@dataclass
class Chain:
    """A family and its nodes; ``bases`` are its bases by number, ``rules`` hold in each round."""

    family: ModelFamily
    nodes: list[SigningNode]
    rules: dict[str, int] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)

    def add_round(self, nodes: list[SigningNode] | None = None) -> Round:
        """Run a whole round: each node brings an update of its own, and all are merged."""
        self.family.refresh_from_db()
        round_ = make_round(self.family)
        Round.objects.filter(pk=round_.pk).update(rules={**round_.rules, **self.rules})
        advance(round_.pk)
        for place, node in enumerate(nodes or self.nodes):
            assert node.train(round_, 10 * len(self.rounds) + place + 1).status_code == 201
        for node in self.nodes[len(nodes or self.nodes) :]:
            node.post(f"/api/v1/jobs/{node.job(round_).pk}/refuse", {"code": "busy", "detail": "busy"})
        work(round_)
        measure_all(round_, nodes or self.nodes)
        decide_all(round_)
        round_.refresh_from_db()
        assert round_.state == "closed"
        self.rounds.append(round_)
        return round_

    @property
    def bases(self) -> list[Checkpoint]:
        return list(Checkpoint.objects.filter(family=self.family).order_by("number"))

    @property
    def head(self) -> Checkpoint:
        self.family.refresh_from_db()
        return self.family.head

    def of(self, node: int, round_: int = 0) -> Contribution:
        """What a node brought in a round, both by place."""
        return Contribution.objects.get(job__node=self.nodes[node].node, round=self.rounds[round_])

    def propose(
        self, *named: Contribution, level: Level = Level.REPLAY, actor: Actor | None = None
    ) -> Rollback:
        return propose_rollback(
            actor or make_maintainer(),
            self.family,
            named,
            level=level,
            reason_code="consent-withdrawn",
            grounds="The community took its consent back.",
        )

    def decide(self, *named: Contribution, level: Level = Level.REPLAY) -> Rollback:
        """Propose, with as many words for it as are needed."""
        rollback = self.propose(*named, level=level)
        for _ in range(rollback.quorum - 1):
            speak_on_rollback(make_maintainer(), rollback, agrees=True)
        rollback.refresh_from_db()
        return rollback


def begin_chain(rounds: int, **rules: int) -> Chain:
    """Found a family with two nodes, and run so many rounds."""
    make_dataset("open")
    chain = Chain(make_family(), [SigningNode(), SigningNode()], rules)
    for _ in range(rounds):
        chain.add_round()
    return chain
