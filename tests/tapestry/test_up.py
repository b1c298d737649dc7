"""What `up` refuses before it starts anything, and how it says so."""

import socket

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tapestry.environment import parse_environment
from tapestry.up import preflight, programs, schema


def test_a_port_in_use_is_named_with_one_that_is_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(preflight.CannotStart, match=rf"Port {port} is in use.*TAPESTRY_PORT=\d+"):
            preflight.check_port("127.0.0.1", port)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(preflight.CannotStart, match="TAPESTRY_VAR="):
        preflight.check_folder(tmp_path / "file" / "var")


@pytest.mark.django_db
def test_a_database_that_is_newer_than_the_code_is_refused_by_the_migrations_name():
    MigrationRecorder(connection).record_applied("catalog", "9999_from_the_future")
    assert schema.newer_migrations(MigrationExecutor(connection)) == ["catalog.9999_from_the_future"]
    with pytest.raises(preflight.CannotStart, match=r"catalog\.9999_from_the_future"):
        schema.migrate(lambda _: None)


def test_each_enrolled_home_becomes_a_node_that_sees_no_secret_of_the_coordinator(tmp_path):
    for slug in ("andes", "mekong"):
        (tmp_path / "nodes" / slug).mkdir(parents=True)
        (tmp_path / "nodes" / slug / "node.toml").touch()
    (tmp_path / "nodes" / "unfinished").mkdir()
    commands = programs.nodes(parse_environment(var=tmp_path))
    assert [command.name for command in commands] == ["node-andes", "node-mekong"]
    assert all({"DATABASE_URL", "TAPESTRY_SECRET_KEY"} <= command.hidden for command in commands)


def test_what_a_killed_worker_left_of_its_work_is_gone_at_the_next_start(tmp_path):
    environment = parse_environment(var=tmp_path)
    left = environment.scratch / "facts-1" / "unpacked.txt"
    left.parent.mkdir(parents=True)
    left.write_text("rows of somebody's data")
    preflight.empty_scratch(environment.scratch)
    assert environment.scratch.is_dir()
    assert not any(environment.scratch.iterdir())
    assert programs.inspector(environment).environment["TMPDIR"] == str(environment.scratch)
