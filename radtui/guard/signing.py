"""Signing requests: base64(HMAC-SHA256(secret, timestamp + METHOD + path + body)); written apart from the engine's."""

from __future__ import annotations

import hmac
from base64 import b64encode


def headers(
    key: str, secret: str, passphrase: str, version: str, *, stamp: int, method: str, path: str, body: bytes = b""
) -> dict[str, str]:
    """Return the headers of a private request.

    Args:
        stamp: milliseconds UTC, by the exchange's clock.
        path: from ``/api/`` on, with its query; nothing in it needs URL encoding.
    """
    return {
        "KC-API-KEY": key,
        "KC-API-TIMESTAMP": str(stamp),
        "KC-API-SIGN": _signed(secret, f"{stamp}{method}{path}".encode() + body),
        "KC-API-PASSPHRASE": _signed(secret, passphrase.encode()),
        "KC-API-KEY-VERSION": version,
        "Content-Type": "application/json",
    }


def _signed(secret: str, text: bytes) -> str:
    return b64encode(hmac.digest(secret.encode(), text, "sha256")).decode("ascii")
