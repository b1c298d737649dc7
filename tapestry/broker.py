"""The broker, for signs of life alone. Nodes may reach it too, so nothing that we believe goes there."""

from functools import cache

import redis
from django.conf import settings


@cache
def client() -> redis.Redis:
    """Return this process's client; an answer takes a second at most."""
    return redis.Redis.from_url(settings.BROKER_ADDRESS, socket_timeout=1, socket_connect_timeout=1)
