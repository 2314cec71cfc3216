"""The market as the engine hears it (row S7): from its own tape, and books and trades read for whoever asks."""

from __future__ import annotations

import time
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from radtui.api.answers import described, reply
from radtui.api.asked import Ask, Symbol, answer, unavailable
from radtui.api.errors import Refused
from radtui.api.market_views import (
    Candles,
    Context,
    OrderBook,
    Ticker,
    Trades,
    candles,
    context,
    order_book,
    ticker,
    trades,
)
from radtui.api.within import Handle
from radtui.core.market import TIMEFRAMES, Candle
from radtui.engine.inquiries import BookRead, Inquiries

Levels = Annotated[int, Query(ge=1, le=100, description="Levels of each side.")]
Many = Annotated[int, Query(ge=1, le=1000, description="Candles, the latest.")]
Timeframe = Annotated[
    str, Query(pattern=f"^({'|'.join(TIMEFRAMES)})$", description="The bot's own one; without it, that.")
]
router: Final = APIRouter(tags=["market"])


@router.get(
    "/api/market-data/ohlcv/{symbol}",
    summary="Closed candles.",
    operation_id="candles",
    responses=described(Candles, 404, 503),
    response_model=None,
)
async def ohlcv(
    handle: Handle, ask: Ask, symbol: Symbol, timeframe: Timeframe | None = None, limit: Many = 100
) -> Response:
    """Return closed candles of the bot's timeframe, as its strategy saw them; 503 for any other."""
    kept = handle.snapshot().status.timeframe
    if timeframe not in {None, kept}:
        raise unavailable(f"this engine keeps candles of {kept} alone")
    return reply(candles(symbol.upper(), kept, await _candles(ask, symbol.upper(), limit)))


@router.get(
    "/api/market-data/ticker/{symbol}",
    summary="The last price.",
    operation_id="ticker",
    responses=described(Ticker, 404, 503),
    response_model=None,
)
async def last(ask: Ask, symbol: Symbol) -> Response:
    """Return the last price that was heard, with its age, and the best of both sides."""
    read, why = await _book(ask, symbol.upper())
    heard = ask.tape.last(symbol.upper())
    if heard is None:
        raise unavailable(f"no price of {symbol.upper()} was heard yet")
    return reply(ticker(heard, time.time_ns(), read, why))


@router.get(
    "/api/market-data/orderbook/{symbol}",
    summary="The order book.",
    operation_id="orderbook",
    responses=described(OrderBook, 404, 503),
    response_model=None,
)
@router.get(
    "/api/orderbook/{symbol}",
    summary="The order book.",
    operation_id="shortOrderbook",
    responses=described(OrderBook, 404, 503),
    response_model=None,
)
async def book(ask: Ask, symbol: Symbol, limit: Levels = 20) -> Response:
    """Return the book as the exchange showed it within the last second; never one that was made up."""
    return reply(order_book(await answer(ask.book(symbol.upper())), limit))


@router.get(
    "/api/market-data/trades/{symbol}",
    summary="Everybody's latest trades.",
    operation_id="trades",
    responses=described(Trades, 404, 503),
    response_model=None,
)
async def printed(ask: Ask, symbol: Symbol, limit: Many = 50) -> Response:
    """Return the latest trades; the exchange keeps a hundred. The paper market tells none unless it is recorded so."""
    read = await answer(ask.trades(symbol.upper()))
    if not read.trades:
        raise unavailable(f"the exchange tells no trades of {symbol.upper()}")
    return reply(trades(symbol.upper(), read, limit))


@router.get(
    "/api/market-data/context/{symbol}",
    summary="A market in a few figures.",
    operation_id="context",
    responses=described(Context, 404, 503),
    response_model=None,
)
async def in_short(handle: Handle, ask: Ask, symbol: Symbol, limit: Many = 100) -> Response:
    """Return change, range, volume, volatility and spread over the last candles, and what they rest on."""
    name, timeframe = symbol.upper(), handle.snapshot().status.timeframe
    read, why = await _book(ask, name)
    found = await _candles(ask, name, limit)
    return reply(context(timeframe, found, ask.tape.last(name), time.time_ns(), read, why))


async def _candles(ask: Inquiries, symbol: str, limit: int) -> tuple[Candle, ...]:
    found = ask.tape.candles(symbol)[-limit:]
    if not found:
        await answer(ask.book(symbol))  # 404 where it is not traded here
        raise unavailable(f"no candle of {symbol} closed yet")
    return found


async def _book(ask: Inquiries, symbol: str) -> tuple[BookRead | None, str]:
    """Return the book, or why there is none: the rest is answered without it."""
    try:
        return await answer(ask.book(symbol)), ""
    except Refused as refused:
        if refused.status_code != 503:
            raise
        return None, refused.detail
