"""The node API under requests that nobody thought of, made from its own description and signed by a node.

No answer is a 5xx, each refusal is a problem+json with a code, and no other node's rows move. Each request is
undone, so that all meet the same running job.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import requests
import schemathesis
from django.db import transaction
from django.http import HttpResponse
from django.urls import Resolver404, include, path, resolve
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode

from provenance.events.models import Event
from tests.factories import make_dataset
from tests.training.api.signing_node import ORIGIN, SigningNode, make_round
from training.api.base import NodeView
from training.api_urls import urlpatterns
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.jobs.models import Job
from training.nodes.models import BuildReport, Node, NodeKey
from training.rounds.conductor import advance
from training.rounds.models import Round

pytestmark = pytest.mark.django_db
EXAMPLES = 8  # of each operation, well formed and not: a quarter of a minute in all
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],  # a request that fails is short enough as it is
    suppress_health_check=list(HealthCheck),
)
OURS = {"authorization", "content-digest", "signature", "signature-input", "tapestry-protocol"}


class World:
    """A node with a running job, and a second node with one, which nothing may touch."""

    def __init__(self) -> None:
        make_dataset("open", texts={"vi": b"m\xe1\xbb\x99t hai ba\n"})
        self.node, self.other = SigningNode(), SigningNode()
        self.round = make_round()
        advance(self.round.pk)
        self.job, self.others_job = self.node.job(self.round), self.other.job(self.round)
        for node, job in ((self.node, self.job), (self.other, self.others_job)):
            assert node.claim(job).status_code == 200
        self._turn = count()

    def send(self, case: Case) -> HttpResponse:
        """Send what was made, byte for byte, under a signature that holds; two of three name a real job."""
        if "job_id" in (case.path_parameters or {}):
            known = (str(self.job.pk), str(self.others_job.pk), case.path_parameters["job_id"])
            case.path_parameters["job_id"] = known[next(self._turn) % 3]
        asked = case.as_transport_kwargs(base_url=ORIGIN)
        names = ("method", "url", "headers", "json", "data", "params", "files")
        wire = requests.Request(**{name: asked[name] for name in names if name in asked}).prepare()
        body = wire.body.encode() if isinstance(wire.body, str) else wire.body or b""
        target = wire.url.removeprefix(ORIGIN)
        headers = {name: value for name, value in wire.headers.items() if name.lower() not in OURS}
        signed = {**headers, **self.node.signed(wire.method, target, body)}
        kind = headers.get("Content-Type", "application/json")
        return self.node.send(wire.method, target, body, headers=signed, kind=kind)

    def others(self) -> list[Any]:
        """All that a request of this node has no business with."""
        mine = [self.node.node.pk]
        return [
            list(Node.objects.exclude(pk__in=mine).order_by("pk").values("did", "state", "capabilities")),
            list(Job.objects.exclude(node__in=mine).order_by("pk").values()),
            list(NodeKey.objects.order_by("pk").values()),
            list(BuildReport.objects.exclude(node__in=mine).values()),
            list(Round.objects.values("state", "deadline", "result_id")),
            (Contribution.objects.count(), Checkpoint.measured.count()),
            Event.objects.exclude(actor=self.node.node.did).count(),
        ]


def is_address(target: str) -> bool:
    """Whether anything of ours lies there; what does not is nobody's to explain."""
    try:
        resolve(target)
    except Resolver404:
        return False
    return True


def operations() -> Iterator[APIOperation]:
    """What the description of the node API offers."""
    ours = [each for each in urlpatterns if issubclass(each.callback.view_class, NodeView)]
    patterns = [path("api/v1/", include(ours))]
    document = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        yield found.ok()


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_no_request_is_answered_by_a_5xx_or_moves_what_is_not_its_own(mode):
    world, statuses = World(), set()
    untouched = world.others()

    for operation in operations():

        @FUZZ
        @given(operation.as_strategy(generation_mode=mode))
        def attack(case: Case) -> None:
            with transaction.atomic():
                answer = world.send(case)
                assert answer.status_code < 500, answer.content
                if answer.status_code >= 400 and is_address(answer.request["PATH_INFO"]):
                    assert answer["Content-Type"] == "application/problem+json"
                    assert answer.json()["code"]
                assert world.others() == untouched
                transaction.set_rollback(True)
            # A name with %2C in it is read back with a comma, which is not what was signed.
            if "/files/" not in answer.request["PATH_INFO"]:
                statuses.add(answer.status_code)

        attack()
    assert {200, 400, 404, 409} <= statuses or mode is GenerationMode.NEGATIVE
    assert 401 not in statuses  # all were signed well: what was refused was refused for its content
