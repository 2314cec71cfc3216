"""How an endpoint and its parameters become the path that is signed and the path that is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

import msgspec

from radtui.core.money import plain
from radtui.exchange.kucoin.rest.endpoints import Endpoint
from radtui.resilience.failures import Refused

Value = str | int | Decimal | bool | None
"""A parameter; None is left out."""
Query = Mapping[str, Value]
"""Parameters in their order."""

_PLAIN: Final = re.compile(r"(?!\.+\Z)[A-Za-z0-9_.:~-]+\Z")
_SAFE: Final = ",:"
"""What stands in a query as it is, beside letters, digits and ``_.-~``."""


class Asked(msgspec.Struct, frozen=True):
    """A path and query twice, and a body.

    Attributes:
        signed: not URL-encoded, as it goes into the signature.
        sent: as it stands on the wire; the same wherever nothing has to be encoded.
    """

    signed: str
    sent: str
    body: bytes = b""


def asked(
    endpoint: Endpoint[Any],
    path: Mapping[str, str] | None = None,
    query: Query | None = None,
    body: bytes = b"",
) -> Asked:
    """Return what is asked of `endpoint`.

    Raises:
        Refused: a parameter is empty, or would make another endpoint of this one. ``orders/{id}`` with nothing for the
            id is "all orders" at the exchange.
    """
    for name, text in (path or {}).items():
        if not _PLAIN.match(text):
            raise _unfit(endpoint, name, text)
    filled = endpoint.path.format(**(path or {}))
    pairs = [(name, _text(value)) for name, value in (query or {}).items() if value is not None]
    for name, text in pairs:
        if not text or text.encode(errors="ignore").decode() != text:
            raise _unfit(endpoint, name, text)
    if not pairs:
        return Asked(filled, filled, body)
    signed = "&".join(f"{name}={text}" for name, text in pairs)
    sent = "&".join(f"{name}={quote(text, safe=_SAFE)}" for name, text in pairs)
    return Asked(f"{filled}?{signed}", f"{filled}?{sent}", body)


def _text(value: str | int | Decimal | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _unfit(endpoint: Endpoint[Any], name: str, text: str) -> Refused:
    return Refused(
        f"{endpoint.name}: {text!r} is no {name.replace('_', ' ')}. Nothing was sent. Look up what it should be.",
        code="bad parameter",
    )
