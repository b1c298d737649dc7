"""The services that the program brings along: PostgreSQL and Valkey from wheels, under `var`."""

from tapestry.embedded.services import services

__all__ = ["services"]
