"""Who asks, and whether they may: keys, signatures, the timestamp's tolerance, permissions."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, unquote_plus

import msgspec

from radtui.core.market import SECOND
from radtui.simserver.http import Request
from radtui.simserver.refusals import (
    BAD_ADDRESS,
    BAD_KEY_VERSION,
    BAD_PASSPHRASE,
    BAD_SIGNATURE,
    BAD_TIMESTAMP,
    FROZEN,
    HEADER_MISSING,
    NO_PERMISSION,
    UNKNOWN_KEY,
    Refusal,
)
from radtui.venue.chance import stream

TOLERANCE: Final = 5 * SECOND
"""How far a request's timestamp may lie from the server's clock."""
_NEEDED: Final = ("kc-api-key", "kc-api-sign", "kc-api-timestamp", "kc-api-passphrase")


class Permission(StrEnum):
    """What a key may do, in the exchange's own words."""

    GENERAL = "General"
    FUTURES = "Futures"
    SPOT = "Spot"
    MARGIN = "Margin"
    TRANSFER = "FlexTransfers"
    WITHDRAWAL = "Withdrawal"


TRADING: Final = frozenset({Permission.GENERAL, Permission.FUTURES, Permission.TRANSFER})
"""What the default key may do: everything this server offers, and no withdrawal."""


class ApiKey(msgspec.Struct, frozen=True):
    """One key of the account.

    Attributes:
        addresses: the only ones it may come from; empty: from anywhere.
        frozen: the account behind it is.
    """

    key: str
    secret: str
    passphrase: str
    permissions: frozenset[Permission] = TRADING
    addresses: tuple[str, ...] = ()
    frozen: bool = False
    created_at: int = 0

    def __repr__(self) -> str:
        return f"ApiKey({self.key!r}, permissions={sorted(self.permissions)})"


def seeded_key(seed: int) -> ApiKey:
    """Return the default key of a seed: the same one every time."""
    key = f"{stream(seed, 'api key'):016x}{stream(seed, 'api key', 2):016x}"[:24]
    secret = f"{stream(seed, 'secret'):016x}{stream(seed, 'secret', 2):016x}"
    text = f"{secret[:8]}-{secret[8:12]}-{secret[12:16]}-{secret[16:20]}-{secret[20:]}"
    return ApiKey(key, text, f"pass-{stream(seed, 'passphrase'):016x}"[:13])


class Access:
    """The keys of the account, and the check every private request passes. Keys may be changed while it runs."""

    def __init__(self, keys: Iterable[ApiKey], tolerance: int = TOLERANCE) -> None:
        self.keys = {key.key: key for key in keys}
        self.tolerance = tolerance

    def check(self, request: Request, permission: Permission) -> ApiKey:
        """Return the key that signed a request and may do what it asks.

        Raises:
            Refusal: 400001 to 400009, 411100.
        """
        headers = request.headers
        if any(not headers.get(name) for name in _NEEDED):
            raise Refusal(HEADER_MISSING)
        self._check_time(headers["kc-api-timestamp"], request.at)
        key = self.keys.get(headers["kc-api-key"])
        if key is None:
            raise Refusal(UNKNOWN_KEY)
        if not _is_signed(key, request):
            raise Refusal(BAD_SIGNATURE)  # before the passphrase, which a wrong secret makes wrong as well
        _check_passphrase(key, headers["kc-api-passphrase"], headers.get("kc-api-key-version", "1"))
        _check_rights(key, request.address, permission)
        return key

    def _check_time(self, text: str, at: int) -> None:
        if not (text.isascii() and text.isdigit() and len(text) <= 16):
            raise Refusal(BAD_TIMESTAMP)
        if abs(int(text) * 1_000_000 - at) > self.tolerance:
            raise Refusal(BAD_TIMESTAMP)


def _check_passphrase(key: ApiKey, given: str, version: str) -> None:
    if version not in ("1", "2", "3"):
        raise Refusal(BAD_KEY_VERSION)
    expected = key.passphrase if version == "1" else _mac(key.secret, key.passphrase.encode())
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise Refusal(BAD_PASSPHRASE)


def _is_signed(key: ApiKey, request: Request) -> bool:
    """Return whether the signature fits: on the target as received, or on its decoded form, which clients sign."""
    head = request.headers["kc-api-timestamp"] + request.method
    given = request.headers["kc-api-sign"].encode()
    return any(
        hmac.compare_digest(_mac(key.secret, f"{head}{target}".encode() + request.body).encode(), given)
        for target in _targets(request.target)
    )


def _targets(target: str) -> Iterator[str]:
    yield target
    if "%" in target or "+" in target:
        yield unquote(target)
        yield unquote_plus(target)


def _check_rights(key: ApiKey, address: str, permission: Permission) -> None:
    if key.addresses and address not in key.addresses:
        raise Refusal(BAD_ADDRESS)
    if key.frozen:
        raise Refusal(FROZEN)
    if permission not in key.permissions:
        raise Refusal(NO_PERMISSION)


def _mac(secret: str, message: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), message, hashlib.sha256)).decode()
