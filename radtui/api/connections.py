"""One connection: who is at its other end, and whether they let it stand still for too long."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

import h11
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from radtui.api.grumbling import grumble
from radtui.api.places import PLACE, Places
from radtui.api.socket import peer_of

SLOWEST: Final = 10.0
"""Seconds that a request may take to arrive, or that an answer may wait to be taken."""
_LOOK: Final = 1.0

_Mark = tuple[RequestResponseCycle | None, bool]


class Connection(H11Protocol):
    """HTTP that hangs up on whoever sends or takes nothing for a while: slowly is a way to take all the places."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a connection, and keep an eye on it."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._mark: _Mark = (None, True)
        self._looking = self.loop.call_later(_LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let it go."""
        self._looking.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return  # a stream by now: whoever serves it looks after it
        mark = (self.cycle, self._theirs)
        if mark != self._mark or not self._theirs:
            self._mark, self._since = mark, self.loop.time()
        elif self.loop.time() - self._since >= SLOWEST:
            refuse(self.transport, "too slow: nothing came, or nothing was taken")
            return
        self._looking = self.loop.call_later(_LOOK, self._look)

    @property
    def _theirs(self) -> bool:
        """Whether it is the other end's turn: to send the rest of a request, or to take an answer."""
        flow: FlowControl = self.flow
        return self.conn.their_state in {h11.IDLE, h11.SEND_BODY} or flow.write_paused


class AtTheSocket(Connection):
    """On the control socket: who it is says the kernel, and another user is hung up on."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a connection; hang up on another user's."""
        super().connection_made(transport)
        peer = peer_of(transport.get_extra_info("socket"))
        self.client = (peer.user, peer.pid)
        self.app_state = {**self.app_state, "peer": peer}
        if not peer.admitted:
            refuse(transport, "another user's process", uid=peer.uid)


class FromOutside(Connection):
    """Over TCP: anybody, until they show a token; `Access` tells the place once they did."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a connection; one of those who have too many may have to go for it."""
        super().connection_made(transport)
        # asyncio does so only where the listener named its protocol: a head without its body waits 40 ms for the ACK
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.limit_concurrency = None  # it would turn away whoever comes next, the operator too
        places: Places = self.app_state.setdefault("places", Places())  # one for all connections of a server
        self._place = places.arrive(self.client[0] if self.client else "", self._drop, self._answering)
        self.app_state = {**self.app_state, PLACE: self._place}

    def connection_lost(self, exc: Exception | None) -> None:
        """Let it go."""
        self._place.leave()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Let it become a stream; those are counted by themselves."""
        self._place.leave()
        super().handle_websocket_upgrade(event)

    def _drop(self, why: str) -> None:
        refuse(self.transport, why, peer=self.client[0] if self.client else "")

    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete


def refuse(transport: asyncio.Transport, note: str, **more: object) -> None:
    """Hang up, and say why in the log."""
    grumble(note, **more)
    transport.abort()
