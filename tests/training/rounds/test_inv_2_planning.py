"""INV-2: policy decides what each node may use, private data never enter, and each answer is in the log."""

import pytest
from django.db import IntegrityError, transaction

from provenance.events.models import Event
from tests.factories import make_dataset, make_member
from tests.training.api.signing_node import SigningNode, make_round
from training.jobs.manifests import manifest_in
from training.jobs.models import Job, JobInput
from training.manifest.parts import Access
from training.rounds.conductor import advance

pytestmark = pytest.mark.django_db


def tiers_of(node: SigningNode, round_) -> list[str]:
    return sorted(node.job(round_).inputs.values_list("tier", flat=True))


def test_each_node_gets_what_its_member_may_use():
    owner = make_member()
    for tier in ("open", "train-only", "local-only", "private"):
        make_dataset(tier, member=owner)
    own, other, abroad = SigningNode(owner), SigningNode(), SigningNode(place="FR")
    round_ = make_round()
    advance(round_.pk)
    assert tiers_of(own, round_) == ["local-only", "open", "train-only"]
    assert tiers_of(other, round_) == ["open", "train-only"]
    assert tiers_of(abroad, round_) == ["open"]


def test_the_output_is_as_strict_as_the_strictest_input_and_local_files_stay_local():
    owner = make_member()
    make_dataset("open", member=owner)
    make_dataset("local-only", member=owner)
    node, round_ = SigningNode(owner), make_round()
    advance(round_.pk)
    manifest = manifest_in(node.job(round_))
    access = {version.tier: version.files[0].access for version in manifest.inputs}
    assert manifest.output.tier == "local-only"
    assert access == {"open": Access.PULL, "local-only": Access.LOCAL}


def test_a_yes_and_a_no_are_recorded_and_after_a_private_entry_nobody_even_asks():
    private = make_dataset("private")
    make_dataset("local-only")
    make_dataset("open")
    SigningNode()
    round_ = make_round()
    advance(round_.pk)
    said = Event.objects.filter(action="access.dispatch", approval=f"round:{round_.pk}")
    assert sorted(said.values_list("outcome", flat=True)) == ["allowed", "denied"]
    assert not said.filter(artifact=private.newest.digest).exists()


def test_the_database_refuses_a_private_input_of_shared_work():
    private = make_dataset("private").newest
    make_dataset("open")
    SigningNode()
    advance(make_round().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        JobInput.objects.create(
            job=Job.objects.get(), version=private, tier="private", purpose="contributed-cpt"
        )


def test_pending_nodes_get_no_job_and_without_any_the_round_ends_with_its_cause():
    make_dataset("open")
    SigningNode(active=False)
    round_ = make_round()
    advance(round_.pk)
    round_.refresh_from_db()
    assert (round_.state, Job.objects.count()) == ("abandoned", 0)
    assert Event.objects.get(action="round.abandoned").reason_codes == ["too-few-nodes"]


def test_attached_nodes_are_sent_their_job_and_sovereign_ones_ask():
    make_dataset("open")
    attached, sovereign = SigningNode(form="attached"), SigningNode()
    round_ = make_round()
    advance(round_.pk)
    assert (attached.job(round_).state, sovereign.job(round_).state) == ("dispatched", "queued")
    waiting = sovereign.get("/api/v1/node/jobs").json()["jobs"]
    assert [job["id"] for job in waiting] == [str(sovereign.job(round_).pk)]
