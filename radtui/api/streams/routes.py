"""Where the streams are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Final

from fastapi import APIRouter
from starlette.websockets import WebSocket

from radtui.api.access import caller_of
from radtui.api.asking import Asking
from radtui.api.streams.engine import EngineStream
from radtui.api.streams.line import AGAIN_LATER, converse, hang_up
from radtui.api.streams.market import MarketStream
from radtui.api.streams.news import News
from radtui.api.streams.room import Line, Room
from radtui.api.streams.telling import Burnt, Telling
from radtui.api.streams.user import UserStream
from radtui.engine.handle import EngineHandle
from radtui.engine.wire import PATH, shape

router: Final = APIRouter(tags=["streams"])


class Streams:
    """What the lines of one engine share."""

    def __init__(self, handle: EngineHandle, asking: Asking) -> None:
        self.news = News(handle)
        self.asking = asking
        self.burnt = Burnt()
        self.run = token_hex(8)
        self.room = Room()
        shape()  # it takes a moment, which no first reader has to wait

    @asynccontextmanager
    async def bell(self, socket: WebSocket, *, market: bool = False) -> AsyncIterator[asyncio.Event | None]:
        """Accept a line and give it a bell; None where there is no room, which its other end was told."""
        await socket.accept()
        line = Line(caller_of(socket), outside="peer" not in socket.scope["state"])
        if denied := self.room.denied(line):
            await hang_up(socket, AGAIN_LATER, denied)
            yield None
            return
        with self.room.taken(line), self.news.follow(market=market) as bell:
            yield bell


@router.websocket(PATH)
async def engine(socket: WebSocket) -> None:
    """Show the engine, and take instructions for it; `radtui.engine.wire` has the frames."""
    streams: Streams = socket.app.state.streams
    async with streams.bell(socket) as bell:
        if bell is not None:
            caller = caller_of(socket)
            telling = Telling(streams.news.handle, streams.asking, streams.burnt, caller.name)
            await converse(socket, EngineStream(streams.news, telling, caller, streams.run), bell)


@router.websocket("/ws/market")
async def market(socket: WebSocket) -> None:
    """Prices and closed candles of the contracts that are subscribed to; `radtui.api.streams.frames` has the frames."""
    streams: Streams = socket.app.state.streams
    async with streams.bell(socket, market=True) as bell:
        if bell is not None:
            await converse(socket, MarketStream(streams.news), bell)


@router.websocket("/ws/user")
async def user(socket: WebSocket) -> None:
    """Orders, fills, positions and receipts, as subscribed to; `radtui.api.streams.frames` has the frames."""
    streams: Streams = socket.app.state.streams
    async with streams.bell(socket) as bell:
        if bell is not None:
            await converse(socket, UserStream(streams.news), bell)
