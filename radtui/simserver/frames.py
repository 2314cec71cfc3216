"""The frames of the WebSocket that carry no data: what a client may ask, and how errors and ends are numbered."""

from __future__ import annotations

from typing import Any, Final

import msgspec

BAD_REQUEST: Final = 400
BAD_TOKEN: Final = 401
LOGIN: Final = 403
BAD_TYPE: Final = 415
LIMIT: Final = 509

AWAY: Final = 1001
POLICY: Final = 1008
TOO_SLOW: Final = 1013


class NotAMessage(ValueError):
    """A frame that is no JSON object of the protocol's shape."""


class Close(msgspec.Struct, frozen=True):
    """Why the server ends a connection. `code` is a WebSocket close code."""

    code: int
    why: str


class Asked(msgspec.Struct):
    """A client's message, as far as it can be read. `id` is echoed as text, whatever it was."""

    id: str | int | float | None = None
    type: str = ""
    topic: str = ""
    private_channel: bool | str | int | None = msgspec.field(default=None, name="privateChannel")
    response: bool | str | int | None = None
    tunnel: str = msgspec.field(default="", name="tunnelId")
    new_tunnel: str = msgspec.field(default="", name="newTunnelId")

    @property
    def name(self) -> str:
        """The id as text; empty where there is none."""
        return "" if self.id is None else str(self.id)

    @property
    def privately(self) -> bool:
        """Whether it asks for a private channel."""
        return self.private_channel in _TRUE

    @property
    def expects_ack(self) -> bool:
        """Whether it wants to be told that it was carried out."""
        return self.response in _TRUE


_TRUE: Final = (True, "true")
_DECODER: Final = msgspec.json.Decoder(Asked)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def read(frame: str | bytes) -> Asked:
    """Return a client's message.

    Raises:
        NotAMessage: it is none.
    """
    try:
        return _DECODER.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NotAMessage(str(error)) from None


def write(frame: dict[str, Any]) -> str:
    """Return a frame as text; a Decimal becomes a bare number."""
    return _ENCODER.encode(frame).decode()
