"""A real node beside a real coordinator: one home, the whole API, and a round that waits for its job."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

from pytest_django.live_server_helper import LiveServer

from tests.factories import make_dataset, make_member
from tests.training.api.signing_node import delta, make_maintainer, make_round
from training.contributions.models import Contribution
from training.jobs.models import Job
from training.node.cli import main
from training.node.client import Coordinator
from training.node.home import NodeHome
from training.node.jobs.arrows import DELTA
from training.node.jobs.journal import Journal, Step
from training.node.jobs.lease import claim, regain
from training.node.jobs.work import Work
from training.nodes.models import Node
from training.nodes.services import approve_node
from training.rounds.conductor import advance
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan

POLICY = 'purposes = ["contributed-cpt", "evaluation"]\ndatasets = ["*"]\n'
TEXT = "một hai ba bốn năm sáu bảy tám chín mười\n" * 40


def enrol(live_server: LiveServer, folder: Path, *, policy: str = POLICY) -> NodeHome:
    """Enrol a machine as its operator does, and let two maintainers agree."""
    home = NodeHome(folder)
    folder.mkdir(parents=True, exist_ok=True)
    home.policy_file.write_text(policy)
    member = make_member()
    said = ["--coordinator", live_server.url, "--member", member.slug, "--jurisdiction", "VN"]
    assert main(["enrol", "--home", str(folder), *said]) == 0
    for _ in range(2):
        approve_node(make_maintainer(), row_of(home))
    return home


def open_round_for(home: NodeHome, *, steps: int = 5, codec: str = "fp32") -> tuple[Round, Job]:
    """Open a round that asks this node to train, and return it with the node's job."""
    make_dataset("open", texts={"vi": TEXT.encode()})
    plan = TrainingPlan(steps=steps, warmup_steps=1, batch_size=2, sequence_length=32, codec=codec)
    round_ = make_round(plan=plan)
    advance(round_.pk)
    return round_, Job.objects.get(round=round_, node=row_of(home))


def row_of(home: NodeHome) -> Node:
    """The node as the coordinator knows it."""
    return Node.objects.get(did=home.key.did)


def journal_of(home: NodeHome, job: Job) -> Journal:
    """The node's journal of a job, begun where there is none."""
    return Journal.begin(home.jobs / str(job.pk), str(job.pk))


@contextmanager
def working(home: NodeHome, job: Job) -> Iterator[Work]:
    """A job in hand, to be taken by single steps."""
    with closing(Coordinator.of(home, patience=1)) as coordinator:
        journal = journal_of(home, job)
        if not journal.manifest_digest:
            envelope = coordinator.get(f"/api/v1/jobs/{job.pk}/manifest")
            journal.keep_manifest(envelope, kind=job.kind)
        yield Work(home=home, coordinator=coordinator, journal=journal, stopping=Event(), regain=regain)


def computed(home: NodeHome, job: Job) -> Journal:
    """Claim the job and put an update where its training would have left it."""
    with working(home, job) as work:
        claim(work)
        (work.journal.folder / DELTA).write_bytes(delta(1))
        result = {"first_loss": 5.5, "last_loss": 3.5, "tokens": 320}
        work.journal.reach(Step.COMPUTED, results=[result], computed_under=work.journal.attempt)
        return work.journal


def contributions(job: Job) -> list[str]:
    """The states of what the job gave."""
    return list(Contribution.objects.filter(job=job).values_list("state", flat=True))
