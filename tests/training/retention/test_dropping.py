"""Bytes go when their member's wish is due, and only those that nothing else needs."""

import pytest

from provenance.errors import Invalid, NotPermitted
from provenance.events.models import Event
from tests.factories import make_dataset
from tests.training.api.signing_node import SigningNode, make_maintainer
from tests.training.retention.conftest import is_here, wish
from training.contributions.models import Contribution
from training.retention.dropping import sweep_contributions
from training.retention.wishes import set_retention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(node) -> None:
    make_dataset("open")


def test_bytes_go_after_as_many_rounds_as_the_member_said_and_the_record_stays(node, end_round):
    end_round((node, 1))
    wish(node, 1)
    assert sweep_contributions() == 0
    end_round()
    assert (sweep_contributions(), sweep_contributions(), is_here(1)) == (1, 0, False)
    contribution = Contribution.objects.get()
    assert contribution.bytes_dropped_at is not None
    assert contribution.admission["norm"] > 0
    assert Event.objects.filter(action="contribution.bytes-dropped").count() == 1


def test_without_a_wish_all_is_kept(node, end_round):
    end_round((node, 1))
    wish(node, 1)
    wish(node, None)
    end_round()
    assert (sweep_contributions(), is_here(1)) == (0, True)


def test_bytes_that_another_update_or_a_base_needs_stay(node, end_round):
    """The second node keeps the same bytes; the third seed is that of the family's own base 0."""
    other = SigningNode()
    end_round((node, 1), (other, 1))
    wish(node, 1)
    end_round((node, 7))
    end_round()
    assert (sweep_contributions(), is_here(1), is_here(7)) == (0, True, True)
    wish(other, 1)
    assert (sweep_contributions(), is_here(1), is_here(7)) == (2, False, True)


def test_what_is_quarantined_is_kept_in_full(node, end_round):
    end_round((node, 1))
    Contribution.objects.update(state="quarantined")
    wish(node, 1)
    end_round()
    assert (sweep_contributions(), is_here(1)) == (0, True)


def test_only_a_maintainer_of_the_member_says_how_long(node):
    with pytest.raises(NotPermitted):
        set_retention(make_maintainer(), node.node.member, 3)
    with pytest.raises(Invalid, match="1000"):
        set_retention(make_maintainer(node.node.member), node.node.member, 0)
