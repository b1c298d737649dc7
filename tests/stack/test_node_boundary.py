"""A node that runs beside the coordinator is still a stranger: no secret, no Django, no database."""

import psutil
import pytest

from tapestry.up.programs import COORDINATOR_ONLY

pytestmark = pytest.mark.stack


@pytest.fixture(params=["node-andes-cusco", "node-mekong-hanoi"])
def node(running, request) -> psutil.Process:
    return running.process(request.param)


def test_a_node_sees_no_variable_that_only_the_coordinator_needs(node):
    assert not COORDINATOR_ONLY & node.environ().keys()


def test_a_node_has_loaded_no_database_driver(running, node):
    def loads_psycopg(process: psutil.Process) -> bool:
        return any("psycopg" in part.path for part in process.memory_maps())

    assert any(loads_psycopg(process) for process in running.process("web").children())
    assert not loads_psycopg(node)
