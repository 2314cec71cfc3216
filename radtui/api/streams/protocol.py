"""Uvicorn's WebSocket with the manners this door needs: backpressure to the reader, and an end for those who are stuck.

A frame counts as taken when the system has it, so that the next one is made of what is true then. The system's own
buffer is small, for what waits in it grows old. A stuck reader is cut off by the pings, whatever still waits for it.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import CloseCode
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

from radtui.engine.wire import ALIVE, LARGEST_SAID

SETTINGS: Final[dict[str, Any]] = {
    "ws_max_size": LARGEST_SAID,
    "ws_ping_interval": ALIVE[0],
    "ws_ping_timeout": ALIVE[1],
}
"""For `uvicorn.Config`, beside ``ws``."""
_WAITING: Final = 16 * 1024
"""Bytes that wait in this process before the speaker does."""
_SYSTEM: Final = 64 * 1024
"""Bytes that wait in the system."""
_STUCK: Final = 512 * 1024
"""Bytes that only somebody can pile up who asks and asks (by pings, say) and never reads."""


class StreamProtocol(WebSocketsSansIOProtocol):
    """One WebSocket."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        # A window of 32 kB holds the last picture, and most of the next is in it; uvicorn's own 4 kB hold no list.
        deflate = ServerPerMessageDeflateFactory(client_max_window_bits=12, compress_settings={"memLevel": 8})
        self.conn.available_extensions = [deflate]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a line that asked to be one of these."""
        super().connection_made(transport)
        end = transport.get_extra_info("socket")
        if end is not None:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SYSTEM)
        self.transport.set_write_buffer_limits(high=_WAITING)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the other end lets the answers pile up."""
        if self.transport.get_write_buffer_size() > _STUCK:
            self.transport.abort()
            return
        super().data_received(data)

    def send_receive_event_to_app(self) -> None:
        """Hand on a whole message; what says that it is text, and is not, ends the line and fills no log."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_text(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(CloseCode.INVALID_DATA)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    async def send(self, message: Any) -> None:
        """Send, and return when it was taken.

        Raises:
            ClientDisconnected: the line has ended, by either end.
        """
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # by a refusal that has left: no fault of ours, to be logged as an error
        await self.writable.wait()

    def keepalive_timeout(self) -> None:
        """End a line whose other end is silent; what still waits for it is dropped."""
        super().keepalive_timeout()
        self.transport.abort()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
