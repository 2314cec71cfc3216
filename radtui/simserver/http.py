"""What goes over the wire, without a wire: one request, one response, and how JSON is read and written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import msgspec

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""Anything a JSON text can hold; numbers with a fraction are kept as text while reading, see `read_json`."""

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_DECODER: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(Any, float_hook=str)


class NotJson(ValueError):
    """A body that is not JSON."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request as it was received.

    Attributes:
        method: upper case.
        target: path and query exactly as on the wire: signatures are checked against it.
        headers: by lower-case name.
        at: nanoseconds UTC of the server's wall clock (the one its clients see, skew included).
        address: of the caller, for keys bound to addresses and for the public rate pool.
    """

    method: str
    target: str
    headers: Mapping[str, str] = NO_HEADERS
    body: bytes = b""
    at: int = 0
    address: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The decoded path, without the query."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> dict[str, str]:
        """The decoded query; of a repeated name the values are joined by commas."""
        values: dict[str, str] = {}
        for name, text in parse_qsl(self.target.partition("?")[2], keep_blank_values=True):
            values[name] = f"{values[name]},{text}" if name in values else text
        return values

    @property
    def milliseconds(self) -> int:
        """`at` in milliseconds."""
        return self.at // 1_000_000


class Response(msgspec.Struct, frozen=True):
    """One HTTP response; `headers` by lower-case name, the content type among them."""

    status: int
    body: bytes
    headers: Mapping[str, str] = NO_HEADERS


def write_json(value: object) -> bytes:
    """Return `value` as JSON: a `Decimal` becomes a number, exactly; text stays text."""
    return _ENCODER.encode(value)


def read_json(body: bytes) -> Json:
    """Return what a JSON text holds; numbers that are not whole come as their own text, so nothing is rounded.

    Raises:
        NotJson: it is not JSON.
    """
    try:
        value: Json = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(str(error)) from error
    return value
