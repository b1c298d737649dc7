"""INV-4 on the running program: a base reaches its datasets, over edges that somebody signed."""

import base64
import json

import pytest

from provenance.signing.dsse import open_envelope
from provenance.signing.keys import PublicKey
from tests.stack.program import object_in

pytestmark = pytest.mark.stack
REACHES = (
    "import json; from provenance.lineage.reading import reaches_datasets; "
    "print(json.dumps([artifact.digest for artifact in reaches_datasets({digest!r})]))"
)
EDGES = """
SELECT source.digest, target.digest, edge.relation, statement.envelope, statement.key_ids
FROM provenance_edge edge JOIN provenance_artifact source ON source.id = edge.source_id
     JOIN provenance_artifact target ON target.id = edge.target_id
     JOIN provenance_statement statement ON statement.id = edge.statement_id
"""


@pytest.fixture
def settled(running):
    running.no_round_runs()
    return running


def keys_of(running) -> dict[str, PublicKey]:
    """What everybody can know: the coordinator's DID document, and the keys that nodes are named by."""
    [method] = object_in(running.get("/.well-known/did.json"))["verificationMethod"]
    nodes = {did: PublicKey.from_did(did) for (did,) in running.rows("SELECT did FROM training_node")}
    return {method["id"]: PublicKey.from_multibase(method["publicKeyMultibase"]), **nodes}


def test_inv_4_the_newest_base_reaches_every_input_of_what_was_merged(settled):
    [(digest,)] = settled.rows(
        "SELECT digest FROM training_checkpoint WHERE standing = 'base' ORDER BY number DESC LIMIT 1"
    )
    used = settled.rows(
        "SELECT DISTINCT version.digest FROM training_jobinput input"
        " JOIN catalog_datasetversion version ON version.id = input.version_id"
        " JOIN training_contribution contribution ON contribution.job_id = input.job_id"
        " WHERE contribution.state = 'merged'"
    )
    reached = json.loads(settled.manage("shell", "--no-imports", "-c", REACHES.format(digest=digest)))
    assert len(used) >= 9
    assert {version for (version,) in used} <= set(reached)


def test_inv_4_every_edge_stands_on_a_statement_whose_signatures_hold(settled):
    keys, edges = keys_of(settled), settled.rows(EDGES)
    assert len(edges) > 20
    for *_, envelope, key_ids in edges:
        opened = open_envelope(envelope, keys=keys, required=key_ids)
        assert set(opened.key_ids) == set(key_ids)


def test_inv_4_each_statement_names_what_its_edge_leads_to(settled):
    manifests = dict(settled.rows("SELECT manifest_digest, id::text FROM training_job"))
    for _, target, relation, envelope, _ in settled.rows(EDGES):
        said = base64.b64decode(envelope["payload"]).decode()
        named = manifests[target] if relation == "wasInformedBy" else target
        assert named in said
