"""Walks through the lineage: bounded, filtered, and silent about what may not be discovered."""

import hashlib

import pytest

from provenance.errors import NotFound
from provenance.lineage.models import Artifact, ArtifactKind, Relation
from provenance.lineage.reading import MOST_NODES, reaches_datasets, trace
from provenance.lineage.services import connect, keep_statement, register_artifact

pytestmark = pytest.mark.django_db
PUBLIC = frozenset({"public"})


def address(name):
    return hashlib.sha256(name.encode()).hexdigest()


def artifact(name, kind=ArtifactKind.CHECKPOINT, audience="public"):
    return register_artifact(digest=address(name), kind=kind, name=name, snapshot={}, audience=audience)


def link(source, *targets):
    statement = keep_statement(envelope={"of": source.name}, predicate_type="urn:test", key_ids=["k"])
    connect(source=source, targets=targets, relation=Relation.DERIVED_FROM, statement=statement)


def names(graph):
    return [node.name for node in graph.nodes]


@pytest.fixture
def loom():
    """data → contribution → base 1 → base 2, and beside them a private way: secret → sealed → base 1."""
    data = artifact("data", ArtifactKind.DATASET_VERSION)
    secret = artifact("secret", ArtifactKind.DATASET_VERSION)
    sealed = artifact("sealed", ArtifactKind.CONTRIBUTION, audience="member:lotus")
    contribution = artifact("contribution", ArtifactKind.CONTRIBUTION)
    first, second = artifact("base 1"), artifact("base 2")
    link(contribution, data)
    link(sealed, secret)
    link(first, contribution, sealed)
    link(second, first)
    return second


def test_up_leads_to_the_origins_and_down_to_what_was_made(loom):
    up = trace(loom.digest, audiences=PUBLIC)
    assert [(node.name, node.depth) for node in up.nodes] == [
        ("base 2", 0),
        ("base 1", 1),
        ("contribution", 2),
        ("data", 3),
    ]
    down = trace(address("data"), direction="down", audiences=PUBLIC)
    assert names(down) == ["data", "contribution", "base 1", "base 2"]


def test_inv_6_a_hidden_artifact_hides_what_is_reachable_only_through_it(loom):
    graph = trace(loom.digest, audiences=PUBLIC)
    assert {"sealed", "secret"}.isdisjoint(names(graph))
    shown = {node.digest for node in graph.nodes}
    assert all({edge.source, edge.target} <= shown for edge in graph.edges)
    assert len(graph.edges) == len(graph.nodes) - 1


def test_its_owner_sees_the_hidden_way(loom):
    graph = trace(loom.digest, audiences=PUBLIC | {"member:lotus"})
    assert {"sealed", "secret"} <= set(names(graph))


def test_inv_6_hidden_and_absent_look_alike(loom):
    refusals = []
    for digest in (address("sealed"), address("nothing")):
        with pytest.raises(NotFound) as refused:
            trace(digest, audiences=PUBLIC)
        refusals.append((refused.value.code, refused.value.message))
    assert refusals[0] == refusals[1]


def test_depth_bounds_the_walk(loom):
    assert names(trace(loom.digest, depth=1, audiences=PUBLIC)) == ["base 2", "base 1"]


def test_a_large_graph_is_cut_and_says_so(django_assert_num_queries):
    base = artifact("base")
    link(base, *[artifact(f"part {number}") for number in range(MOST_NODES + 5)])
    with django_assert_num_queries(2):
        graph = trace(base.digest, audiences=PUBLIC)
    assert (len(graph.nodes), graph.truncated) == (MOST_NODES, True)


def test_a_ladder_of_diamonds_is_walked_once_per_artifact():
    rungs = [artifact(f"rung {number}") for number in range(40)]
    for number, rung in enumerate(rungs[2:], 2):
        link(rung, rungs[number - 1], rungs[number - 2])
    graph = trace(rungs[-1].digest, depth=50, audiences=PUBLIC)
    assert len(graph.nodes) == len(rungs)


def test_inv_4_every_dataset_version_is_reached_whoever_may_see_it(loom):
    assert [artifact.name for artifact in reaches_datasets(loom.digest)] == ["data", "secret"]


def test_the_first_snapshot_stays():
    given = {"digest": address("x"), "kind": ArtifactKind.MANIFEST, "name": "x"}
    register_artifact(**given, snapshot={"tier": "open"})
    assert register_artifact(**given, snapshot={"tier": "private"}).snapshot == {"tier": "open"}
    assert Artifact.objects.count() == 1
