"""A manifest as it arrives: only the pinned coordinator's, only to a key of this node, only when it holds."""

import copy
from datetime import UTC, datetime, timedelta

import pytest

from provenance.signing.keyfile import write_new_key
from provenance.signing.keys import PrivateKey
from tests.training.manifest.conftest import JOB
from training.manifest import parse_manifest, seal_manifest
from training.node import trust
from training.node.errors import Held, Refused
from training.node.home import NodeHome
from training.node.jobs.manifests import accepted


@pytest.fixture
def coordinator() -> PrivateKey:
    return PrivateKey.generate()


@pytest.fixture
def home(home_folder, coordinator) -> NodeHome:
    method = {"publicKeyMultibase": coordinator.public.multibase}
    trust.pin(home := NodeHome(home_folder), {"id": "did:web:x", "verificationMethod": [method]})
    return home


def envelope(key, did, *, hours=0):
    begins = datetime.now(UTC) + timedelta(hours=hours)
    times = {"issued_at": begins.isoformat(), "expires_at": (begins + timedelta(hours=1)).isoformat()}
    document = copy.deepcopy(JOB) | {"node": did} | times
    return seal_manifest(parse_manifest(document), key=key, key_id="did:web:x")


def test_a_manifest_of_the_pinned_coordinator_is_taken(home, coordinator):
    assert accepted(home, envelope(coordinator, home.key.did)).kind == "contributed-cpt"


def test_one_that_names_a_key_of_before_is_taken_as_well(home, coordinator):
    older = PrivateKey.generate()
    write_new_key(home.keys / "until-2026.key", older._key)
    assert accepted(home, envelope(coordinator, older.did)).node == older.did


@pytest.mark.parametrize(
    ("signer", "hours", "code"), [("other", 0, "signature-invalid"), ("coordinator", -2, "expired")]
)
def test_what_does_not_hold_is_refused_with_its_code(home, coordinator, signer, hours, code):
    key = coordinator if signer == "coordinator" else PrivateKey.generate()
    with pytest.raises(Refused) as refusal:
        accepted(home, envelope(key, home.key.did, hours=hours))
    assert refusal.value.code == code


def test_another_nodes_manifest_is_refused(home, coordinator):
    with pytest.raises(Refused) as refusal:
        accepted(home, envelope(coordinator, PrivateKey.generate().did))
    assert refusal.value.code == "not-addressed"


def test_a_clock_that_is_behind_holds_the_job_and_is_named_as_the_cause(home, coordinator):
    with pytest.raises(Held, match="this machine's clock reads") as held:
        accepted(home, envelope(coordinator, home.key.did, hours=3))
    assert held.value.code == "clock-behind"
