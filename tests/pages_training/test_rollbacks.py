"""Taking a contribution out, as people meet it: asked for, voted on, computed again, seen on old bases."""

import pytest

from catalog.datasets.models import Dataset
from catalog.datasets.services import withdraw_dataset
from catalog.members.models import Role
from tests.factories import make_actor, make_member, make_person
from tests.training.rollbacks.chains import Chain, begin_chain
from training.pages.rollbacks.offer import proposal_url
from training.rollbacks.models import Rollback
from training.rollbacks.replaying import replay

pytestmark = pytest.mark.django_db
ASKED = {"level": "1", "reason_code": "consent-withdrawn", "grounds": "They asked for it.", "confirmed": "on"}


@pytest.fixture
def chain(db) -> Chain:
    return begin_chain(2)


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def sign_in(client, member, role=Role.MAINTAINER):
    client.force_login(make_person(member, role))
    return client


def test_a_contribution_is_taken_out_from_its_page_to_the_new_base(chain, client):
    contribution, old = chain.of(0), chain.head
    sign_in(client, contribution.job.node.member, Role.STEWARD)
    address = proposal_url([contribution])
    assert address.replace("&", "&amp;") in text_of(client, contribution.get_absolute_url())
    form = text_of(client, address)
    assert form.count("The base moves by") == 4
    assert "not unlearning in the sense of the law" in form
    page = client.post(address, ASKED).url
    assert "you may ask for its removal" in text_of(client, page)
    for name in ("first", "second"):
        sign_in(client, make_member(name)).post(f"{page}vote/", {"word": "for", "note": "Agreed."})
    assert "0 of 2 bases are computed again" in text_of(client, page)
    result = replay(Rollback.objects.get().pk).result
    client.logout()
    shown = text_of(client, page)
    assert "the family goes on from" in shown
    assert "They asked for it." not in shown
    assert result.get_absolute_url() in text_of(client, old.get_absolute_url())
    assert page in text_of(client, "/rollbacks/")
    assert client.get(result.parent.get_absolute_url()).url == page
    assert page in text_of(client, result.get_absolute_url())


def test_the_report_of_a_withdrawn_dataset_leads_to_taking_out_what_it_trained(chain, client):
    dataset = Dataset.objects.get()
    steward = make_actor(dataset.member, Role.STEWARD)
    withdraw_dataset(actor=steward, dataset=dataset, reason="Its community asked for it.")
    everything = sorted(
        (chain.of(node, turn) for node in (0, 1) for turn in (0, 1)), key=lambda each: each.digest
    )
    sign_in(client, make_member("onlookers"))
    text = text_of(client, f"/datasets/{dataset.slug}/withdrawal/")
    assert proposal_url(everything).replace("&", "&amp;") in text


def test_a_proposal_that_lacks_something_keeps_what_was_entered(chain, client):
    sign_in(client, make_member("onlookers"))
    response = client.post(proposal_url([chain.of(0)]), {**ASKED, "confirmed": ""})
    assert response.status_code == 422
    assert "They asked for it." in response.content.decode()
    assert not Rollback.objects.exists()


def test_who_may_not_propose_is_told_so(chain, client):
    sign_in(client, make_member("onlookers"), Role.RESEARCHER)
    assert client.get(proposal_url([chain.of(0)])).status_code == 403
    assert "Which contribution?" in text_of(client, "/rollbacks/propose/")
    assert "Nothing was taken out yet" in text_of(client, "/rollbacks/")
