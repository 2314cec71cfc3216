"""The way in over TCP: where it listens, and for whom."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from radtui.api.keyring import Keyring

_BACKLOG: Final = 64


@dataclass(frozen=True, kw_only=True)
class Outside:
    """One TCP port.

    Attributes:
        host: a numeric address. port: 0 for any free one.
        origins: web pages that a browser may ask from. names: under which it is reached, besides localhost and any
            numeric address; a page that makes another name point here (DNS rebinding) is refused.
    """

    host: str
    port: int
    keyring: Keyring
    origins: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.keyring):
            raise ValueError("nobody listens on TCP without a token")

    def listen(self) -> socket.socket:
        """Return a socket that listens there.

        Raises:
            OSError: it cannot.
        """
        family = socket.AF_INET6 if ip_address(self.host).version == 6 else socket.AF_INET
        return socket.create_server((self.host, self.port), family=family, backlog=_BACKLOG)

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        return ip_address(self.host).is_loopback


def is_known_name(host: str, names: Iterable[str]) -> bool:
    """Return whether a Host header names us: localhost, a numeric address, or one of `names`."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    try:
        return bool(ip_address(name))
    except ValueError:
        return name == "localhost" or name in {each.lower() for each in names}
