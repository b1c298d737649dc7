"""No round and no grant goes further with an entry than the consortium accepted it for (DG:8)."""

import pytest

from catalog.proposals.states import AcceptedFor
from provenance.events.models import Event
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_round
from tests.training.grants.conftest import GRANTS, code_of, manifest
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


def test_a_round_trains_on_nothing_that_was_accepted_for_less():
    accepted = make_dataset("open")
    short = make_dataset("open", accepted_for=AcceptedFor.EVALUATION)
    node, round_ = SigningNode(), make_round()
    advance(round_.pk)
    assert [given.version for given in node.job(round_).inputs.all()] == [accepted.newest]
    refused = Event.objects.get(action="access.dispatch", outcome="denied")
    assert (refused.artifact, refused.reason_codes) == (short.newest.digest, ["not-accepted-for-purpose"])


def test_a_node_is_granted_no_bytes_of_what_is_only_described():
    dataset = make_dataset("open", accepted_for=AcceptedFor.METADATA)
    answer = SigningNode().post(GRANTS, manifest(dataset))
    assert code_of(answer) == (403, "not-accepted-for-purpose")
