"""Where the streams are."""

from __future__ import annotations

from secrets import token_hex
from typing import Final

from fastapi import APIRouter
from starlette.websockets import WebSocket

from radtui.api.access import caller_of
from radtui.api.asking import Asking
from radtui.api.streams.engine import EngineStream
from radtui.api.streams.line import AGAIN_LATER, converse
from radtui.api.streams.market import MarketStream
from radtui.api.streams.news import News
from radtui.api.streams.telling import Burnt, Telling
from radtui.api.streams.user import UserStream
from radtui.engine.handle import EngineHandle
from radtui.engine.wire import PATH, shape

MOST: Final = 60
"""Lines at a time."""
_OUTSIDE: Final = 40
"""Lines from which on nobody more comes in over TCP: a place is left on the control socket."""
router: Final = APIRouter(tags=["streams"])


class Streams:
    """What the lines of one engine share."""

    def __init__(self, handle: EngineHandle, asking: Asking) -> None:
        self.news = News(handle)
        self.asking = asking
        self.burnt = Burnt()
        self.run = token_hex(8)
        shape()  # it takes a moment, which no first reader has to wait

    def full(self, socket: WebSocket) -> bool:
        """Return whether there is no room for another line."""
        return self.news.listeners >= (MOST if "peer" in socket.scope.get("state", {}) else _OUTSIDE)


@router.websocket(PATH)
async def engine(socket: WebSocket) -> None:
    """Show the engine, and take instructions for it; `radtui.engine.wire` has the frames."""
    streams: Streams = socket.app.state.streams
    if await _room(socket, streams):
        telling = Telling(streams.news.handle, streams.asking, streams.burnt)
        with streams.news.follow() as bell:
            await converse(socket, EngineStream(streams.news, telling, caller_of(socket), streams.run), bell)


@router.websocket("/ws/market")
async def market(socket: WebSocket) -> None:
    """Prices and closed candles of the contracts that are subscribed to; `radtui.api.streams.frames` has the frames."""
    streams: Streams = socket.app.state.streams
    if await _room(socket, streams):
        with streams.news.follow(market=True) as bell:
            await converse(socket, MarketStream(streams.news), bell)


@router.websocket("/ws/user")
async def user(socket: WebSocket) -> None:
    """Orders, fills, positions and receipts, as subscribed to; `radtui.api.streams.frames` has the frames."""
    streams: Streams = socket.app.state.streams
    if await _room(socket, streams):
        with streams.news.follow() as bell:
            await converse(socket, UserStream(streams.news), bell)


async def _room(socket: WebSocket, streams: Streams) -> bool:
    await socket.accept()
    full = streams.full(socket)
    if full:
        await socket.close(
            AGAIN_LATER, f"{streams.news.listeners} lines are open already: close one, or try again later"
        )
    return not full
