"""Taking a description from an address that somebody gave, without becoming a way into the house.

The address decides where this machine connects to, so it is a stranger's word: every name is resolved once,
every address that it has must be a public one, and the connection goes to the very address that was checked
(OWASP, "Server-Side Request Forgery Prevention"). Nothing is sent but the question: no cookie, no proxy of
the surroundings, no name of a reader.
"""

import socket
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from threading import Thread, Timer
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.intake.addresses import Place, check_public, read_address
from catalog.intake.fetch_errors import refuse_fetch
from catalog.intake.pinning import connect
from catalog.intake.receiving import check_type, receive
from provenance.errors import Invalid

SECONDS: Final = 20.0
MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200
_HEADERS: Final = {
    "Accept": "application/ld+json, text/turtle, application/json;q=0.9, text/markdown;q=0.8, text/*;q=0.5",
    "Accept-Encoding": "gzip, identity;q=0.5",
    "User-Agent": "Tapestry-Catalog/1 (reads one description that a person asked for)",
    "Connection": "close",
}

Resolver = Callable[[str, int], Collection[str]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lay at an address, unpacked: ``url`` is where the redirects ended."""

    url: str
    content: bytes
    media_type: str


def fetch(
    url: str,
    *,
    seconds: float = SECONDS,
    allowed: Collection[str] | None = None,
    resolve: Resolver | None = None,
) -> Fetched:
    """Return what lies at a public address, in ``seconds`` altogether.

    ``allowed`` are hosts of the operator's own, ``name`` or ``name:port``, that need not be public; those of
    ``TAPESTRY_FETCH_ALLOWED`` unless told. ``resolve`` asks for the addresses of a name.

    Raises:
        Invalid: codes ``address-malformed``, ``address-forbidden``, ``address-unknown``, ``fetch-failed``,
            ``fetch-timeout``, ``fetch-too-large``, ``fetch-too-many-redirects`` and ``fetch-wrong-type``.
    """
    own = frozenset(settings.FETCH_ALLOWED if allowed is None else allowed)
    deadline = time.monotonic() + seconds
    for _turn in range(MOST_REDIRECTS + 1):
        place = read_address(url, own)
        answer = _ask(place, resolve or look_up, deadline)
        if isinstance(answer, Fetched):
            return answer
        target = urljoin(place.url, answer)
        if place.secure and not target.lower().startswith("https:"):
            raise refuse_fetch("address-forbidden", _("It leads from https to an address without it."))
        url = target
    raise refuse_fetch("fetch-too-many-redirects", _("It leads on and on to other addresses."))


def look_up(host: str, port: int) -> Collection[str]:
    """Return the addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _ask(place: Place, resolve: Resolver, deadline: float) -> Fetched | str:
    """Return what lies there, or the address that it leads to."""
    addresses = _resolved(place, resolve, deadline)
    if not place.allowed:
        check_public(addresses)
    connection = connect(place, addresses, _left(deadline))
    try:
        with _ended_at(deadline, connection.sock):
            connection.request("GET", place.target, headers=_HEADERS)
            with connection.getresponse() as response:
                answer = _answer(place, response)
    except (OSError, HTTPException, ValueError):
        if time.monotonic() >= deadline:
            raise _too_slow() from None
        raise refuse_fetch(
            "fetch-failed", _("The connection broke before the answer was complete.")
        ) from None
    finally:
        connection.close()
    _left(deadline)  # what was cut off at the deadline looks like an end
    return answer


def _answer(place: Place, response: HTTPResponse) -> Fetched | str:
    if response.status in _REDIRECTS:
        return response.getheader("Location", "")
    if response.status != _OK:
        raise refuse_fetch("fetch-failed", _("The server answered %(status)s.") % {"status": response.status})
    media_type = check_type(response.getheader("Content-Type", ""))
    return Fetched(place.url, receive(response), media_type)


def _resolved(place: Place, resolve: Resolver, deadline: float) -> Collection[str]:
    """Ask for the addresses of a name, once, and until the deadline, which the system's own call lacks."""
    found: list[str] = []

    def ask() -> None:
        try:
            found.extend(resolve(place.host, place.port))
        except (OSError, UnicodeError):
            return

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_left(deadline))
    if asking.is_alive():
        raise _too_slow()
    if not found:
        raise refuse_fetch("address-unknown", _("There is no server of this name."))
    return found


@contextmanager
def _ended_at(deadline: float, connection: socket.socket) -> Iterator[None]:
    """Cut the connection at the deadline, which a server that sends a byte now and then never runs into."""

    def cut() -> None:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    timer = Timer(max(deadline - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow()
    return left


def _too_slow() -> Invalid:
    return refuse_fetch("fetch-timeout", _("The server did not answer in time."))
