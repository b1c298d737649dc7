"""What a member says of a sovereign build: what it chooses, and nothing beyond the list."""

from uuid import uuid4

import pytest

from provenance.events.models import Event
from tests.training.api.signing_node import SigningNode, make_family
from training.checkpoints.models import Checkpoint
from training.nodes.models import BuildReport

pytestmark = pytest.mark.django_db
BUILDS = "/api/v1/node/builds"


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


def test_that_one_ran_is_enough(node):
    assert node.post(BUILDS, {"key": str(uuid4())}).status_code == 200
    report = BuildReport.objects.get()
    assert (report.kind, report.base, report.said) == ("", None, {})


def test_a_later_word_replaces_the_earlier_and_is_no_news(node):
    make_family()
    base, key = Checkpoint.objects.get(), str(uuid4())
    node.post(BUILDS, {"key": key, "said": {"state": "running", "steps": 3}})
    node.post(BUILDS, {"key": key, "kind": "private-sft", "base": base.digest, "said": {"last_loss": 1.5}})
    report = BuildReport.objects.get()
    assert (report.kind, report.base, report.said) == ("private-sft", base, {"last_loss": 1.5})
    assert Event.objects.filter(action="build.reported").count() == 1


@pytest.mark.parametrize(
    "said",
    [{"dataset": "secret"}, {"steps": -1}, {"steps": 1.5}, {"steps": True}, {"tokens": 2**60}, {"state": "x"},
     {"last_loss": "1"}, {"state": ["running"]}, {"joules": 10**400}],
)  # fmt: skip
def test_what_is_on_no_list_or_out_of_bounds_is_not_kept(node, said):
    answer = node.post(BUILDS, {"key": str(uuid4()), "said": said})
    assert (answer.status_code, answer.json()["code"]) == (422, "build-malformed")
    assert not BuildReport.objects.exists()


def test_an_unknown_base_and_a_shared_kind_are_refused(node):
    unknown = node.post(BUILDS, {"key": str(uuid4()), "base": "0" * 64})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "base-unknown")
    shared = node.post(BUILDS, {"key": str(uuid4()), "kind": "evaluation"})
    assert list(shared.json()["fields"]) == ["kind"]


def test_another_nodes_build_stays_its_own(node):
    key = str(uuid4())
    SigningNode().post(BUILDS, {"key": key, "said": {"steps": 1}})
    assert node.post(BUILDS, {"key": key, "said": {"steps": 2}}).json()["code"] == "key-taken"
    assert BuildReport.objects.get().said == {"steps": 1}
