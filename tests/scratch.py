"""A database for a benchmark, apart from the program's and from that of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tapestry.embedded import services
from tapestry.environment import read_environment


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of this run alone, on the program's own PostgreSQL."""
    with services(read_environment(), durable=False):
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
