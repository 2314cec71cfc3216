"""Random lives of an account that uses everything a looked-at venue offers: modes, currencies, margin by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import msgspec
from hypothesis import strategies as st
from venue_world import COIN, DIME, Row, ScriptedMarket, bar, step

from radtui.core.account import FundingPaid
from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, SECOND, Candle
from radtui.core.money import ZERO
from radtui.core.order import (
    Cross,
    Fill,
    MarginMode,
    OrderReport,
    OrderRequest,
    OrderType,
    PositionSide,
    PriceType,
    Side,
    TimeInForce,
    Trigger,
)
from radtui.venue.execution import VenueMessage
from radtui.venue.marks import SeededMarks
from radtui.venue.modes import PositionMode
from radtui.venue.refusals import VenueRefusal
from radtui.venue.venue import Venue

START = {"USDT": Decimal(3000), "GEM": Decimal(25)}
LIMITED = msgspec.structs.replace(COIN, risk_limit=Decimal(80_000))
GEM = msgspec.structs.replace(
    COIN,
    symbol="GEMUSDM",
    base="GEM",
    quote="USD",
    settle="GEM",
    multiplier=Decimal(-1),
    inverse=True,
    risk_limit=Decimal(900),
)
"""An inverse contract: one lot is one dollar, margin and profit are in gems, a hundred dollars each."""

CONTRACTS: dict[str, Instrument] = {each.symbol: each for each in (LIMITED, DIME, GEM)}
SYMBOLS = sorted(CONTRACTS)

Action = Callable[[Venue, str], object]
"""Done to a venue; the text is an id that was never used."""


def _place(  # noqa: PLR0917 - hypothesis fills it in
    symbol: str,
    side: Side,
    lots: int,
    limit: int | None,
    trigger: tuple[int, PriceType] | None,
    position_side: PositionSide,
    leverage: int,
    kind: str,
    tif: TimeInForce,
    where: Venue,
    name: str,
) -> None:
    instrument, hedge = CONTRACTS[symbol], where.position_mode is PositionMode.HEDGE
    last = where.prices(symbol).last
    stop = None
    if trigger is not None:
        away, on = trigger
        stop = Trigger(Cross.UP if away >= 0 else Cross.DOWN, max(last + away * instrument.tick, instrument.tick), on)
    where.place(
        OrderRequest(
            client_id=name,
            symbol=symbol,
            side=_likely(side, position_side) if hedge and lots % 4 else side,
            type=OrderType.MARKET if limit is None else OrderType.LIMIT,
            lots=0 if kind == "close" else lots * (100 if instrument.inverse else 1),
            price=None if limit is None else last + limit * instrument.tick,
            tif=tif if limit is not None else TimeInForce.GTC,
            post_only=kind == "post" and limit is not None and tif is TimeInForce.GTC,
            reduce_only=kind == "reduce",
            close_order=kind == "close",
            leverage=leverage,
            stop=stop,
            margin_mode=where.margin_mode(symbol),
            position_side=position_side if hedge else PositionSide.BOTH,
        )
    )
    where.match()


def _likely(side: Side, position_side: PositionSide) -> Side:
    """Return the side that opens."""
    return side if position_side.sign == 0 else Side.BUY if position_side.sign > 0 else Side.SELL


def _sides(where: Venue, side: PositionSide) -> PositionSide:
    return side if where.position_mode is PositionMode.HEDGE else PositionSide.BOTH


def _add(symbol: str, share: int, side: PositionSide, where: Venue, _: str) -> None:
    available = where.account(CONTRACTS[symbol].settle).available
    where.add_margin(symbol, (available * share / 100).quantize(Decimal("1e-8")), _sides(where, side))


def _withdraw(symbol: str, share: int, side: PositionSide, where: Venue, _: str) -> None:
    side = _sides(where, side)
    most = where.max_withdraw_margin(symbol, side)
    where.withdraw_margin(symbol, (most * share / 100).quantize(Decimal("1e-8")), side)


def _transfer(currency: str, share: int, where: Venue, _: str) -> None:
    where.transfer(currency, (where.account(currency).available * share / 100).quantize(Decimal("1e-8")))


def _cancel(where: Venue, _: str) -> None:
    for order in where.open_orders()[:2]:
        where.cancel_by_id(order.order_id)


_symbols = st.sampled_from(SYMBOLS)
_named = st.sampled_from([PositionSide.LONG, PositionSide.SHORT])
_shares = st.integers(1, 110)
_orders = st.builds(
    partial,
    st.just(_place),
    _symbols,
    st.sampled_from(Side),
    st.integers(1, 40) | st.integers(100, 900),
    st.none() | st.none() | st.integers(-30, 30),
    st.none() | st.none() | st.none() | st.tuples(st.integers(-30, 30), st.sampled_from(PriceType)),
    _named,
    st.sampled_from([5, 25, 100, 100]),
    st.sampled_from(["open"] * 7 + ["post", "reduce", "close"]),
    st.sampled_from([TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC]),
)
_settings = st.one_of(
    st.builds(lambda s, m: lambda v, _: v.set_margin_mode(s, m), _symbols, st.sampled_from(MarginMode)),
    st.builds(lambda m: lambda v, _: v.set_position_mode(m), st.sampled_from(PositionMode)),
    st.builds(lambda s, n: lambda v, _: v.set_cross_leverage(s, n), _symbols, st.sampled_from([1, 3, 20, 100])),
    st.builds(lambda s, n: lambda v, _: v.set_risk_level(s, n), _symbols, st.integers(1, 5)),
    st.builds(lambda s, on: lambda v, _: v.set_auto_deposit(s, on), _symbols, st.booleans()),
    st.builds(partial, st.just(_add), _symbols, _shares, _named),
    st.builds(partial, st.just(_withdraw), _symbols, _shares, _named),
    st.builds(partial, st.just(_transfer), st.sampled_from(sorted(START)), st.integers(-110, 60)),
    st.just(_cancel),
)


def _begin(hedge: bool, crossed: set[str], leverage: int) -> list[Action]:
    """Return what sets an account up: hedge or one-way, and which contracts in cross margin."""
    actions: list[Action] = [lambda v, _, s=s: v.set_margin_mode(s, MarginMode.CROSS) for s in sorted(crossed)]
    actions += [lambda v, _, s=s: v.set_cross_leverage(s, leverage) for s in sorted(crossed)]
    if hedge:
        actions.append(lambda v, _: v.set_position_mode(PositionMode.HEDGE))
    return actions


_beginnings = st.builds(_begin, st.booleans(), st.sets(_symbols), st.sampled_from([10, 50, 100]))
_actions = st.integers(0, 9).flatmap(lambda draw: _settings if draw < 3 else _orders)
_moves = st.tuples(st.integers(-90, 90), st.integers(-90, 90), st.integers(0, 40), st.integers(0, 40))
_second = st.tuples(st.lists(_actions, min_size=1, max_size=4), st.tuples(_moves, _moves, _moves))
lives = st.tuples(_beginnings, st.lists(_second, min_size=1, max_size=12))
Move = tuple[int, int, int, int]
Life = tuple[list[Action], list[tuple[list[Action], tuple[Move, Move, Move]]]]


def life_venue(life: Life, slippage: str) -> Venue:
    """Return a venue with the life's prices: round 100, funding in the middle."""
    before = [bar(symbol, 0, _row(symbol, (1000, 1000, 1000, 1000))) for symbol in SYMBOLS]
    levels, rows = dict.fromkeys(SYMBOLS, 1000), []
    for _, moves in life[1]:
        row = {}
        for symbol, (gap, drift, above, below) in zip(SYMBOLS, moves, strict=True):
            opened = max(200, levels[symbol] + (gap if abs(gap) > 60 else 0))
            levels[symbol] = closed = max(200, opened + drift)
            row[symbol] = _row(symbol, (opened, max(opened, closed) + above, min(opened, closed) - below, closed))
        rows.append(row)
    start = 16 * HOUR - (len(rows) // 2) * SECOND
    market = ScriptedMarket(rows, start=start, before=before, instruments=tuple(CONTRACTS[s] for s in SYMBOLS))
    return Venue(
        market,
        balance=START["USDT"],
        balances={"GEM": START["GEM"]},
        spans=(SECOND,),
        slippage=Decimal(slippage),
        marks=SeededMarks(7),
        tape=True,
        risk=True,
        kept=10_000,
    )


def _row(symbol: str, ticks: tuple[int, int, int, int]) -> Row:
    opened, high, low, closed = (str(count * CONTRACTS[symbol].tick) for count in ticks)
    return opened, high, low, closed


class Liver:
    """Lives a life, second by second."""

    def __init__(self, where: Venue, life: Life) -> None:
        self.where = where
        self._life = life
        for number, action in enumerate(life[0]):
            self._try(action, f"s-{number}")

    def second(self, number: int, look: Callable[[], object] = lambda: None) -> list[VenueMessage]:
        """Do what one second wants, looking after each deed, let it pass, and return what was said."""
        said: list[VenueMessage] = []
        for ordinal, action in enumerate(self._life[1][number][0]):
            self._try(action, f"b-{number}-{ordinal}")
            said += self.where.drain()
            look()
        said += step(self.where)
        look()
        return said

    def _try(self, action: Action, name: str) -> None:
        before = self.where.pack()
        try:
            action(self.where, name)
        except VenueRefusal:
            if action is not _cancel:
                assert self.where.pack() == before, "a refusal changes nothing"


class Witness:
    """Adds up what was said and compares it with what can be read."""

    def __init__(self, where: Venue) -> None:
        self.where = where
        self.lots: dict[tuple[str, PositionSide], int] = {}
        self.done: set[str] = set()

    def hear(self, said: list[VenueMessage]) -> None:
        """Count fills, and see that nothing follows the end of an order."""
        for message in said:
            if isinstance(message, Fill):
                key = message.symbol, message.position_side
                before = self.lots.get(key, 0)
                after = self.lots[key] = before + message.signed_lots
                sign = message.position_side.sign
                assert after * sign >= 0, "a long position is never short"
                assert message.client_id not in self.done
            elif isinstance(message, OrderReport):
                assert message.client_id not in self.done
                assert message.filled_lots <= message.lots
                self.done |= set() if message.active else {message.client_id}
            elif isinstance(message, FundingPaid):
                assert message.amount * message.lots * message.rate <= 0
            elif isinstance(message, Candle):
                assert message.low <= message.close <= message.high

    def compare(self) -> None:
        """See that positions, wallet, statements and the book agree."""
        where = self.where
        held = {(position.symbol, position.position_side): position.lots for position in where.positions()}
        assert held == {key: lots for key, lots in self.lots.items() if lots}
        for currency, start in START.items():
            self._money(currency, start)
        for symbol in SYMBOLS:
            book = where.book(symbol)
            assert min(len(book.bids), len(book.asks)) >= 20
            assert book.bids[0][0] < book.asks[0][0], "never crossed"
            assert all(lots > 0 for _, lots in book.bids + book.asks)

    def _money(self, currency: str, start: Decimal) -> None:
        where, account = self.where, self.where.account(currency)
        own = [position for position in where.positions() if CONTRACTS[position.symbol].settle == currency]
        assert where.everyone_in(currency) == start
        assert account.wallet == start + sum((row.amount for row in where.ledger_rows(currency)), ZERO)
        assert account.unrealised == sum((position.unrealised for position in own), ZERO)
        assert account.order_margin >= 0
        assert account.position_margin == sum((position.margin for position in own), ZERO)
        free = account.wallet - account.position_margin - account.order_margin
        if all(position.margin_mode == "isolated" for position in own):
            assert account.available == free >= 0
            assert where.risk_ratio(currency) == 0
        else:
            assert 0 <= account.available <= max(ZERO, free)
        isolated = sum((position.margin for position in own if position.margin_mode == "isolated"), ZERO)
        assert account.equity >= isolated - _open_loss(own) or where.risk_ratio(currency) > 0
        assert account.wallet >= 0 or where.risk_ratio(currency) > 0


def _open_loss(own: list[object]) -> Decimal:
    return sum((max(ZERO, -getattr(position, "unrealised", ZERO)) for position in own), ZERO)
