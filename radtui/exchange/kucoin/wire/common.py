"""What every answer has in common: the envelope, pages, and how bytes become structs.

A number is an exact `Decimal`, whether the wire has it as text or as a bare number; it never passes through a float.
What the exchange may leave out is None, never zero. Unknown fields are ignored: the exchange adds some each year.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

import msgspec

from radtui.exchange.kucoin.wire.lenient import Misfit, lenient

T = TypeVar("T")

Amount = Decimal | None
"""A number the exchange may leave out."""

MILLISECOND: Final = 1_000_000
"""Nanoseconds in a millisecond: most times on the wire count milliseconds."""
_LATEST_MS: Final = 10**16
"""More milliseconds than any time of ours, and fewer nanoseconds than any."""
SUCCESS: Final = frozenset({"200000", "200"})
"""The codes of an answer that is no error; ``200`` on a few endpoints."""

_NOT_FINITE: Final = re.compile(rb'"[-+]?s?(?:nan|inf)', re.IGNORECASE)


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An object of the wire: ``clientOid`` there is `client_oid` here."""


class Unreadable(ValueError):
    """These bytes are not what the protocol says they are; the text says where, never what they hold."""


class Envelope(Wire, frozen=True, kw_only=True):
    """What every answer of the REST API is wrapped in."""

    code: str | int
    msg: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")

    @property
    def succeeded(self) -> bool:
        """Whether its code is one of success; the HTTP status has to say so too."""
        return str(self.code) in SUCCESS

    @property
    def is_empty(self) -> bool:
        """Whether it carries no data."""
        return bytes(self.data) in {b"null", b""}


class Page(Wire, Generic[T], frozen=True, kw_only=True):
    """One page of a list that is counted in pages, from 1."""

    items: list[T]
    current_page: int = 1
    page_size: int = 0
    total_num: int = 0
    total_page: int = 1

    @property
    def is_last(self) -> bool:
        """Whether no page follows."""
        return self.current_page >= self.total_page


class Slice(Wire, Generic[T], frozen=True, kw_only=True):
    """One part of a list that is read on by an offset."""

    data_list: list[T]
    has_more: bool = False


def decode(raw: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Return `raw` as a `kind`.

    A number may be text and text a number, a hollow text stands for a value left out, a list for its only page.

    Raises:
        Unreadable: it cannot be read as that, however kindly.
    """
    found = bytes(raw)
    try:
        if not _may_be_infinite(found):
            read: T = _decoder(kind).decode(found)
            return read
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass  # once more, kindly; it says what is wrong if that fails too
    try:
        return lenient(found, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, Misfit) as error:
        raise Unreadable(str(error)) from error


def _may_be_infinite(raw: bytes) -> bool:
    small = raw.lower()  # looked through at once, where the pattern stops at every quotation mark
    return (b"nan" in small or b"inf" in small) and _NOT_FINITE.search(raw) is not None


def nanoseconds(time: int) -> int:
    """Return a time in nanoseconds that some sources tell in nanoseconds and some in milliseconds."""
    return time * MILLISECOND if time < _LATEST_MS else time


_encoder: Final = msgspec.json.Encoder()
_decoders: Final[dict[Any, msgspec.json.Decoder[Any]]] = {}


def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    known = _decoders.get(kind)  # once: a generic type is slow to hash
    if known is None:
        known = _decoders[kind] = msgspec.json.Decoder(kind, strict=False)
    return known


def encode(body: Any) -> bytes:
    """Return `body` as JSON, as it is signed and sent."""
    return _encoder.encode(body)
