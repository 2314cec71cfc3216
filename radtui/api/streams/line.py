"""A WebSocket with somebody at the other end: frames in, frames out, and an end with words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, Protocol

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from radtui.api.streams.telling import TooMany

UNSUPPORTED: Final = 1003
POLICY: Final = 1008
AGAIN_LATER: Final = 1013
"""Close codes of RFC 6455, section 7.4.1, and of its registry."""
_LONGEST: Final = 120
"""Bytes of a reason: a control frame has at most 125."""


class Fault(Exception):
    """The other end said what cannot be taken; the line ends with this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Stream(Protocol):
    """What is said and heard on one line. It never waits."""

    def greeting(self) -> Iterator[str]:
        """Say what comes first."""
        ...

    def heard(self, text: str) -> None:
        """Take a frame of the other end.

        Raises:
            msgspec.DecodeError: it is none.
            TooMany: the other end asks for more than one may.
        """
        ...

    def due(self) -> Iterator[str]:
        """Say what is new, each frame made when it is asked for."""
        ...

    def left(self) -> None:
        """The line has ended."""
        ...


async def converse(socket: WebSocket, stream: Stream, bell: asyncio.Event) -> None:
    """Let `stream` speak and hear on an accepted `socket` until the line ends.

    A reader that is slow holds up nothing but itself: a frame is made when the last one was taken.
    """
    speaking = asyncio.create_task(_speak(socket, stream, bell))
    hearing = asyncio.create_task(_hear(socket, stream, bell))
    try:
        await asyncio.wait((speaking, hearing), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stream.left()
        for task in (speaking, hearing):
            task.cancel()
        ended = await asyncio.gather(speaking, hearing, return_exceptions=True)
    await _end(socket, ended)


async def hang_up(socket: WebSocket, code: int, reason: str) -> None:
    """End an accepted line with a reason, where somebody is there to hear it."""
    with suppress(WebSocketDisconnect):
        await socket.close(code, reason.encode()[:_LONGEST].decode(errors="ignore"))


async def _speak(socket: WebSocket, stream: Stream, bell: asyncio.Event) -> None:
    for frame in stream.greeting():
        await socket.send_text(frame)
    while True:
        await bell.wait()
        bell.clear()
        for frame in stream.due():
            await socket.send_text(frame)


async def _hear(socket: WebSocket, stream: Stream, bell: asyncio.Event) -> None:
    while (message := await socket.receive())["type"] == "websocket.receive":
        text = message.get("text")
        if text is None:
            raise Fault(UNSUPPORTED, "text frames only")
        try:
            stream.heard(text)
        except msgspec.DecodeError as error:
            raise Fault(POLICY, f"not a frame of this stream: {error}") from error
        except TooMany as error:
            raise Fault(POLICY, str(error)) from error
        bell.set()


async def _end(socket: WebSocket, ended: Sequence[BaseException | None]) -> None:
    """Close with the reason, where the other end is still there; what is nobody's fault but ours is raised."""
    fault = next((each for each in ended if isinstance(each, Fault)), None)
    if fault is not None and socket.application_state is WebSocketState.CONNECTED:
        await hang_up(socket, fault.code, str(fault))
    for each in ended:
        if each is not None and not isinstance(each, Fault | WebSocketDisconnect | asyncio.CancelledError):
            raise each
