"""Calls at the same moment, on real connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from provenance.errors import DomainError


def at_once(*calls):
    """Return what each call returned, or the code of the refusal that it met."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
