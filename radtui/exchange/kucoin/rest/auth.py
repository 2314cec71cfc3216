"""Signing requests: base64(HMAC-SHA256(secret, timestamp + METHOD + path[?query] + body)).

The path is signed as it is meant, not as URL encoding writes it; the body byte for byte. Key versions 2 and 3 sign
alike and send the passphrase signed too.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha256

from radtui.exchange.kucoin.rest.credentials import Credentials


def sign(secret: str, timestamp: int | str, method: str, path: str, body: str | bytes = b"") -> str:
    """Return the value of ``KC-API-SIGN``.

    Args:
        timestamp: milliseconds UTC.
        path: from ``/api/`` on, with its query, not URL-encoded.
        body: exactly what is sent.
    """
    return _signed(hmac.new(secret.encode(), digestmod=sha256), _prehash(timestamp, method, path, body))


def sign_passphrase(secret: str, passphrase: str) -> str:
    """Return the value of ``KC-API-PASSPHRASE`` for key versions 2 and 3."""
    return _signed(hmac.new(secret.encode(), digestmod=sha256), passphrase.encode())


class Signer:
    """Signs for one key. The key's own share of the work is done once."""

    __slots__ = ("_base", "_fixed")

    def __init__(self, credentials: Credentials) -> None:
        self._base = hmac.new(credentials.secret.encode(), digestmod=sha256)
        self._fixed = {
            "KC-API-KEY": credentials.key,
            "KC-API-PASSPHRASE": sign_passphrase(credentials.secret, credentials.passphrase),
            "KC-API-KEY-VERSION": credentials.version,
        }

    def headers(self, timestamp: int, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        """Return the headers of a private request; the arguments are those of `sign`."""
        signature = _signed(self._base.copy(), _prehash(timestamp, method, path, body))
        return {**self._fixed, "KC-API-TIMESTAMP": str(timestamp), "KC-API-SIGN": signature}

    def __repr__(self) -> str:
        return "Signer(••••)"


def _prehash(timestamp: int | str, method: str, path: str, body: str | bytes) -> bytes:
    return f"{timestamp}{method.upper()}{path}".encode() + (body.encode() if isinstance(body, str) else body)


def _signed(machine: hmac.HMAC, text: bytes) -> str:
    machine.update(text)
    return b64encode(machine.digest()).decode("ascii")
