"""A connection to the address that was checked, and to no other."""

import socket
import ssl
import time
from collections.abc import Collection
from http.client import HTTPConnection

from django.utils.translation import gettext as _

from catalog.intake.addresses import Place
from catalog.intake.fetch_errors import refuse_fetch


class Pinned(HTTPConnection):
    """Speaks through a socket that is connected already. It knows no way to make another one."""

    sock: socket.socket

    def __init__(self, place: Place, connected: socket.socket) -> None:
        super().__init__(place.authority)
        self.sock = connected
        self.auto_open = 0


def connect(place: Place, addresses: Collection[str], seconds: float) -> Pinned:
    """Return a connection to the first of the addresses that answers, with TLS for the place's own name.

    Raises:
        Invalid: code ``fetch-failed``.
    """
    deadline = time.monotonic() + seconds
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return Pinned(place, _connected(place, address, left))
        except OSError:  # of TLS too
            continue
    raise refuse_fetch("fetch-failed", _("The server can not be reached."))


def _connected(place: Place, address: str, seconds: float) -> socket.socket:
    plain = socket.create_connection((address, place.port), timeout=seconds)
    if not place.secure:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=place.host)
    except OSError:
        plain.close()
        raise
