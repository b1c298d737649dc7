"""Which addresses of the web may be asked at all: those that anybody in the world could ask."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from django.utils.translation import gettext as _

from catalog.intake.fetch_errors import refuse_fetch

LONGEST: Final = 2000  # characters
PORTS: Final = {"http": 80, "https": 443}
_PLAIN: Final = re.compile(r"[^\s\x00-\x20\x7f\\]+")
_NAME: Final = re.compile(r"[a-z0-9.:_-]{1,253}")
_KEPT: Final = "/%:@!$&'()*+,;=~-._?"  # what a path or a query may hold as it is, RFC 3986 §3.3
_GLOBAL: Final = IPv6Network("2000::/3")  # what is given out as global unicast, RFC 4291 §2.4
_NAT64: Final = IPv6Network("64:ff9b::/96")  # an IPv4 address in its last 32 bits, RFC 6052 §2.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address that was read: whom to connect to and what to ask for. ``allowed``: the operator said so."""

    url: str
    host: str
    port: int
    secure: bool
    target: str
    allowed: bool

    @property
    def authority(self) -> str:
        """The value of the header Host."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS["https" if self.secure else "http"] else f"{name}:{self.port}"


def read_address(url: str, own: Collection[str] = ()) -> Place:
    """Read an address; ``own`` are the hosts that the operator allows besides public ones.

    Raises:
        Invalid: codes ``address-malformed`` and ``address-forbidden``.
    """
    parts, host, port = _split(url)
    if parts.scheme not in PORTS:
        message = _("Only addresses that begin with https:// or http:// are asked.")
        raise refuse_fetch("address-forbidden", message)
    if parts.username is not None or parts.password is not None:
        raise refuse_fetch("address-forbidden", _("An address with a name or a password in it is not asked."))
    standard = port is None or port in PORTS.values()
    port = PORTS[parts.scheme] if port is None else port
    allowed = f"{host}:{port}" in own or (host in own and standard)
    if not standard and not allowed:
        raise refuse_fetch("address-forbidden", _("Only the ports 80 and 443 are asked."))
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return Place(
        url=parts._replace(fragment="").geturl(),
        host=host,
        port=port,
        secure=parts.scheme == "https",
        target=quote(parts.path or "/", safe=_KEPT) + query,
        allowed=allowed,
    )


def check_public(addresses: Collection[str]) -> None:
    """Refuse a name unless each of its addresses is a public one: the choice among them is not ours alone.

    Raises:
        Invalid: code ``address-forbidden``.
    """
    if not addresses or not all(is_public(address) for address in addresses):
        raise refuse_fetch(
            "address-forbidden",
            _("This address lies in a network of its own, and not in the public internet."),
        )


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet; in doubt it does not."""
    try:
        read = ip_address(address)
    except ValueError:  # also an address with a zone, which is local to a link
        return False
    return _is_public_v4(read) if isinstance(read, IPv4Address) else _is_public_v6(read)


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_public_v6(address: IPv6Address) -> bool:
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = IPv4Address(address.packed[-4:])
    if inner is not None:
        return _is_public_v4(inner)
    return address in _GLOBAL and address.is_global and address.teredo is None and not address.scope_id


def _split(url: str) -> tuple[SplitResult, str, int | None]:
    """Return the parts of an address, its host as the DNS has it, and its port where it names one."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        name = ""
    if len(url) > LONGEST or not _PLAIN.fullmatch(url) or not _NAME.fullmatch(name):
        raise refuse_fetch("address-malformed", _("This is not an address of the web."))
    return parts, name, port
