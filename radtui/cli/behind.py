"""Which bots there are behind the URL of an API: asked once, before a cockpit goes to each of them."""

from __future__ import annotations

import re
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

import msgspec

from radtui import __version__
from radtui.api.switchboard import BOTS

WITHIN: Final = 4.0
"""Seconds for the answer."""
_LARGEST: Final = 1 << 20
_PATH: Final = re.compile(rf"{BOTS}[A-Za-z0-9_]+")
_SECURE: Final = frozenset({"https", "wss"})


class _Bot(msgspec.Struct, frozen=True):
    path: str


class _Listing(msgspec.Struct, frozen=True):
    """The part of the answer that is of interest: what else stands in it may change."""

    bots: tuple[_Bot, ...]


_listing: Final = msgspec.json.Decoder(_Listing).decode


def server_of(url: str) -> str:
    """Return the URL of the port behind which a bot is, where `url` names one bot of it; else `url`."""
    return url.partition(BOTS)[0]


def bots_behind(url: str, token: str | None) -> tuple[str, ...]:
    """Return the URLs of the bots there, of each its own.

    Where nobody tells (it is not reached, does not let us in, is older, or names a bot already) the answer is `url`
    itself: who goes there next hears why, in words.
    """
    if server_of(url) != url:
        return (url,)
    try:
        found = _listing(_ask(f"{url}/api/bots", token)).bots
    except (OSError, HTTPException, ValueError):  # a name that is none is a ValueError, and so is what is no listing
        return (url,)
    paths = [bot.path for bot in found if _PATH.fullmatch(bot.path)]  # else it could lead to another host
    return tuple(f"{url}{path}" for path in paths) if len(paths) > 1 else (url,)


def _ask(url: str, token: str | None) -> bytes:
    """Return what is answered; nothing where it is a refusal."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    line = (
        HTTPSConnection(host, parts.port, timeout=WITHIN, context=ssl.create_default_context())
        if parts.scheme in _SECURE
        else HTTPConnection(host, parts.port, timeout=WITHIN)
    )
    headers = {"User-Agent": f"radtui/{__version__}", **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        line.request("GET", parts.path, headers=headers)
        answer = line.getresponse()
        return answer.read(_LARGEST) if answer.status == 200 else b""
    finally:
        line.close()
