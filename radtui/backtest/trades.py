"""Round trips: from flat to flat, with what each brought after fees and funding."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from radtui.core.holding import Holding
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import Fill, FillKind


class Direction(StrEnum):
    """Which way a position stands."""

    LONG = "long"
    SHORT = "short"


class Trade(msgspec.Struct, frozen=True, kw_only=True):
    """One position from its first fill to its last.

    Attributes:
        lots: the most it held. entry, exit: average prices.
        opened_at, closed_at: nanoseconds UTC, market clock.
        gross: profit before fees. fees are a cost; funding is positive when received. net: what it brought.
        why, end: what opened it, and what closed it.
    """

    symbol: str
    direction: Direction
    lots: int
    entry: Decimal
    exit: Decimal
    opened_at: int
    closed_at: int
    gross: Decimal
    fees: Decimal
    funding: Decimal
    why: str = ""
    end: str = ""

    @property
    def net(self) -> Decimal:
        """Gross profit − fees + funding."""
        return self.gross - self.fees + self.funding


class _Side(msgspec.Struct):
    """The fills on one side: lots and their value."""

    lots: int = 0
    value: Decimal = ZERO

    def add(self, fill: Fill, instrument: Instrument) -> None:
        self.lots += fill.lots
        self.value += instrument.notional(fill.price, fill.lots)


class OpenTrade(msgspec.Struct, kw_only=True):
    """A position that is not closed yet; mutable, owned by `TradeBook`."""

    instrument: Instrument
    opened_at: int
    why: str
    sign: int
    holding: Holding = Holding()
    most: int = 0
    ins: _Side = msgspec.field(default_factory=_Side)
    outs: _Side = msgspec.field(default_factory=_Side)
    gross: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO

    def take(self, fill: Fill) -> None:
        """Count a fill; it turns the position round only where it closes more than there is, which ours never do."""
        (self.ins if fill.signed_lots * self.sign > 0 else self.outs).add(fill, self.instrument)
        self.holding, realised = self.holding.after(fill.signed_lots, fill.price, self.instrument)
        self.gross += realised
        self.fees += fill.fee
        self.most = max(self.most, abs(self.holding.lots))

    def ended(self, at: int, end: str) -> Trade:
        """Return it as a round trip."""
        instrument = self.instrument
        return Trade(
            symbol=instrument.symbol,
            direction=Direction.LONG if self.sign > 0 else Direction.SHORT,
            lots=self.most,
            entry=instrument.price_of(self.ins.value, self.ins.lots),
            exit=instrument.price_of(self.outs.value, self.outs.lots),
            opened_at=self.opened_at,
            closed_at=at,
            gross=self.gross,
            fees=self.fees,
            funding=self.funding,
            why=self.why,
            end=end,
        )


class TradeBook:
    """Makes round trips of fills and funding.

    Attributes:
        done: those that ended, in that order. open: the others, by symbol.
    """

    def __init__(self, instruments: dict[str, Instrument]) -> None:
        self._instruments = instruments
        self.done: list[Trade] = []
        self.open: dict[str, OpenTrade] = {}

    def fill(self, fill: Fill, why: str) -> None:
        """Count a fill; `why` says what asked for it."""
        trade = self.open.get(fill.symbol)
        if trade is None:
            sign = 1 if fill.signed_lots > 0 else -1
            trade = OpenTrade(instrument=self._instruments[fill.symbol], opened_at=fill.at, why=why, sign=sign)
            self.open[fill.symbol] = trade
        trade.take(fill)
        if not trade.holding.lots:
            end = "liquidation" if fill.kind is FillKind.LIQUIDATION else why
            self.done.append(self.open.pop(fill.symbol).ended(fill.at, end))

    def funded(self, symbol: str, amount: Decimal) -> None:
        """Count a funding settlement of an open position."""
        if symbol in self.open:
            self.open[symbol].funding += amount
