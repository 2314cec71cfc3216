"""The address of a channel is a secret: what of it may be shown, and what must never be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

MASK: Final = "••••"
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_PARTS: Final = re.compile(r"[/:@?&=#,;\s]+")
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}|\d+\.\d+\.\d+\.\d+")
_SHORTEST: Final = 6
"""A shorter part would turn up inside ordinary words."""
_PLAIN: Final = frozenset({"localhost"})


def kind_of(url: str) -> str:
    """Return the scheme of an address, which is no secret; ``unknown`` where it has none."""
    found = _SCHEME.match(url.strip())
    return found[1].lower() if found else "unknown"


def secrets_in(url: str) -> list[str]:
    """Return what must not turn up anywhere: the address, and each of its parts that could be a token or a password.

    A name of a host with a dot is none, though the token of some services stands in its place.
    """
    rest = url.strip().partition("://")[2]
    parts = {part for text in (rest, unquote(rest)) for part in _PARTS.split(text)}
    telling = [part for part in parts if len(part) >= _SHORTEST and part not in _PLAIN and not _HOST.fullmatch(part)]
    return [url.strip(), *sorted(telling, key=len, reverse=True)]


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with every one of `secrets` masked."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
