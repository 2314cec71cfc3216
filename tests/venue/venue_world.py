"""A contract with round figures, a market made of written-down bars, and short ways to ask for orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from radtui.core.account import AccountReport, PositionReport
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND, Candle
from radtui.core.money import plain
from radtui.core.order import Cross, Fill, MarginMode, OrderReport, OrderRequest, OrderType, Side, Trigger
from radtui.venue.bars import Bars, Prices
from radtui.venue.execution import VenueMessage
from radtui.venue.venue import Venue

COIN = Instrument(
    symbol="COINUSDTM",
    base="COIN",
    tick=Decimal("0.1"),
    multiplier=Decimal(1),
    maker_fee=Decimal("0.0002"),
    taker_fee=Decimal("0.0006"),
    initial_margin=Decimal("0.008"),
    maintenance_margin=Decimal("0.004"),
    max_leverage=125,
    max_lots=100_000,
    max_price=Decimal(1_000_000),
)
"""One lot is one coin; a price of 100 and 10 lots are worth 1000."""

DIME = msgspec.structs.replace(COIN, symbol="DIMEUSDTM", base="DIME", multiplier=Decimal("0.1"), tick=Decimal("0.05"))
"""A second one, with another grid."""

NOON = 12 * 3600 * SECOND
"""Away from any funding."""

Row = tuple[str, str, str, str]
"""Open, high, low, close."""


class ScriptedMarket:
    """Bars as they were written down, one second each."""

    source = "script"
    step_span = SECOND

    def __init__(
        self,
        rows: Sequence[Row | dict[str, Row]],
        *,
        start: int = NOON,
        before: Sequence[Candle] = (),
        instruments: tuple[Instrument, ...] = (COIN,),
    ) -> None:
        self.instruments = instruments
        self._start = start
        self._before = before
        self._rows = [row if isinstance(row, dict) else {COIN.symbol: row} for row in rows]
        self._done = 0

    @property
    def now(self) -> int:
        return self._start + self._done * SECOND

    @property
    def ended(self) -> bool:
        return self._done >= len(self._rows)

    def warm(self, span: int, count: int) -> Sequence[Candle]:
        if self._before:
            return self._before
        return [bar(each.symbol, self._start - span, ("100", "100", "100", "100"), span) for each in self.instruments]

    def warm_all(self, spans: Sequence[int], count: int) -> Sequence[Candle]:
        return self.warm(min(spans), count)

    def step(self) -> Sequence[Candle]:
        opened_at = self.now
        self._done += 1
        return [bar(symbol, opened_at, row) for symbol, row in self._rows[self._done - 1].items()]

    def pack(self) -> bytes:
        return str(self._done).encode()

    def restore(self, state: bytes) -> None:
        self._done = int(state)


def bar(symbol: str, opened_at: int, row: Row, span: int = SECOND, volume: str = "1") -> Candle:
    """Return a bar of four written prices."""
    prices = [Decimal(price) for price in row]
    return Candle(symbol, opened_at, span, prices[0], prices[1], prices[2], prices[3], Decimal(volume))


def quiet(price: str) -> Row:
    """Return a bar in which nothing moves."""
    return (price, price, price, price)


def venue(*rows: Row, balance: str = "1000", slippage: str = "0", start: int = NOON) -> Venue:
    """Return a venue on these bars; without slippage everything trades at the open."""
    market = ScriptedMarket(rows, start=start)
    return Venue(market, balance=Decimal(balance), spans=(), slippage=Decimal(slippage))


GEM = msgspec.structs.replace(
    COIN, symbol="GEMUSDM", base="GEM", quote="USD", settle="GEM", multiplier=Decimal(-1), inverse=True
)
"""An inverse one: a lot is a dollar, margin and profit are in gems."""


class FixedMarks:
    """Mark and index as they were written down for each bar; the last price where nothing was."""

    def __init__(self, marks: dict[int, str] | None = None, indices: dict[int, str] | None = None) -> None:
        self._marks, self._indices = marks or {}, indices or {}

    def follow(self, instrument: Instrument, bar: Candle) -> Bars:
        second = (bar.opened_at - NOON) // SECOND
        mark, index = (_flat(bar, prices.get(second)) for prices in (self._marks, self._indices))
        return Bars(bar, mark, index)

    def settle(self, prices: Mapping[str, Prices]) -> None:
        pass


def _flat(bar: Candle, price: str | None) -> Candle:
    if price is None:
        return bar
    return Candle(bar.symbol, bar.opened_at, bar.span, *[Decimal(price)] * 4, Decimal(0))


def live(
    *rows: Row | dict[str, Row],
    contracts: tuple[Instrument, ...] = (COIN,),
    balance: str = "1000",
    slippage: str = "0.001",
    **fields: Any,
) -> Venue:
    """Return a venue that is looked at: with a tape, and with a book orders meet at once."""
    market = ScriptedMarket(rows, instruments=contracts)
    balances = {"GEM": Decimal(10)} if GEM in contracts else {}
    fields.setdefault("kept", 500)
    return Venue(
        market, balance=Decimal(balance), balances=balances, spans=(), slippage=Decimal(slippage), tape=True, **fields
    )


def crossed(*rows: Row | dict[str, Row], leverage: int = 10, **fields: Any) -> Venue:
    """Return such a venue without slippage, all contracts in cross margin."""
    where = live(*rows, **{"slippage": "0", **fields})
    for instrument in where.instruments:
        where.set_margin_mode(instrument.symbol, MarginMode.CROSS)
        where.set_cross_leverage(instrument.symbol, leverage)
    return where


def send(
    where: Venue, client_id: str, side: str, lots: int = 0, price: str | None = None, **fields: Any
) -> OrderReport:
    """Place an order, let it meet the book at once, and return what became of it."""
    request = ask(client_id, side, lots, price, **fields)
    where.place(request)
    where.match()
    report = where.order(request.symbol, client_id)
    assert report is not None
    return report


def ask(client_id: str, side: str, lots: int = 0, price: str | None = None, **fields: Any) -> OrderRequest:
    """Return a request: a limit order where it has a price; leverage 10 unless it only reduces."""
    reducing = fields.get("reduce_only") or fields.get("close_order")
    fields.setdefault("leverage", 0 if reducing else 10)
    fields.setdefault("symbol", COIN.symbol)
    return OrderRequest(
        client_id=client_id,
        side=Side(side),
        type=OrderType.MARKET if price is None else OrderType.LIMIT,
        lots=lots,
        price=None if price is None else Decimal(price),
        **fields,
    )


def stop(cross: str, price: str) -> Trigger:
    """Return a trigger."""
    return Trigger(Cross(cross), Decimal(price))


def step(venue: Venue, count: int = 1) -> list[VenueMessage]:
    """Run some steps of one second."""
    return venue.advance(venue.now + count * SECOND)


def fills(said: Sequence[VenueMessage]) -> list[Fill]:
    """Return the fills among what was said."""
    return [message for message in said if isinstance(message, Fill)]


def traded(said: Sequence[VenueMessage]) -> list[tuple[str, int, str]]:
    """Return client id, signed lots and price of each fill."""
    return [(fill.client_id, fill.signed_lots, plain(fill.price)) for fill in fills(said)]


def reports(said: Sequence[VenueMessage], client_id: str) -> list[OrderReport]:
    """Return what was said of one order."""
    return [message for message in said if isinstance(message, OrderReport) and message.client_id == client_id]


def last_position(said: Sequence[VenueMessage]) -> PositionReport:
    """Return the last position report."""
    return [message for message in said if isinstance(message, PositionReport)][-1]


def accounts(said: Sequence[VenueMessage]) -> list[AccountReport]:
    """Return the account reports."""
    return [message for message in said if isinstance(message, AccountReport)]
