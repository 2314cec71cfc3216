"""From a signal to the entry that it asks for: where its stop lies, how large it is, at which leverage (row W5)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from radtui.core.config import Limits
from radtui.core.desk import Desk
from radtui.core.events import SignalGiven
from radtui.core.exit_rules import opening_stop
from radtui.core.exit_terms import ExitTerms
from radtui.core.exits import stop_price
from radtui.core.exposure import Exposure
from radtui.core.groups import group_of
from radtui.core.instrument import Instrument
from radtui.core.leverage import Temper, bearable, fitting
from radtui.core.market import TIMEFRAMES
from radtui.core.money import ZERO, ratio
from radtui.core.order import Side
from radtui.core.orders import Purpose
from radtui.core.own_exposure import own_exposure
from radtui.core.own_orders import OwnOrders
from radtui.core.picking import Picked
from radtui.core.positions import Positions
from radtui.core.proposal import Proposal
from radtui.core.purse import Purse
from radtui.core.sizing import lots_for
from radtui.core.standing import Standing
from radtui.core.trading_breakers import TradingBreakers
from radtui.core.windows import TradingWindow


class _Shape(NamedTuple):
    """What is chosen for an entry."""

    stop: Decimal
    target: Decimal | None
    lots: int
    leverage: int


class Proposer:
    """Makes proposals out of signals and of what the books say at this moment."""

    def __init__(
        self,
        desk: Desk,
        orders: OwnOrders,
        positions: Positions,
        purse: Purse,
        breakers: TradingBreakers,
        standing: Callable[[], Standing],
        *,
        window: TradingWindow,
        picked: Picked,
    ) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._purse = purse
        self._breakers = breakers
        self._standing = standing
        self._window, self._picked = window, picked

    def propose(self, given: SignalGiven, side: Side, instrument: Instrument, terms: ExitTerms) -> Proposal:
        """Return the entry on `side` that a signal asks for now, and which exit rules of `terms` look after."""
        desk, positions, symbol = self._desk, self._positions, given.symbol
        account = self._purse.account
        available = ZERO if account is None else account.available
        limits = desk.config.limits.at(available)
        equity = self._purse.equity(positions.unrealised()) or ZERO
        shape = self._shape(given, side, instrument, limits, terms, equity)
        coming = [order.symbol for order in self._orders.live(Purpose.ENTRY)]
        group, measures = group_of(instrument.base), desk.measures.get(symbol)
        read_at, marked_at = self._purse.read_at, positions.marked_at.get(symbol)
        market_at = max(desk.market_at, given.newest)
        return Proposal(
            symbol=symbol,
            side=side,
            signal=given.signal,
            price=given.price,
            stop=shape.stop,
            target=shape.target,
            lots=shape.lots,
            leverage=shape.leverage,
            instrument=instrument,
            limits=limits,
            standing=self._standing(),
            breakers=self._breakers.views(),
            silence=None if marked_at is None else desk.at - marked_at,
            stale=desk.config.stale_after,
            age=market_at - given.closed_at,
            fresh=TIMEFRAMES[desk.config.timeframe],
            account_age=None if read_at is None else desk.at - read_at,
            skew=desk.skew,
            taken=self._taken(symbol),
            held=len(positions.open) + len(coming),
            group=group,
            in_group=sum(self._group(held) == group for held in {*positions.open, *coming}),
            quoted=desk.config.quotes,
            spread=positions.spreads.get(symbol),
            measures=measures,
            terms=terms,
            measured=0 if measures is None else market_at - measures.closed_at,
            equity=equity,
            available=available,
            exposure=positions.notional() + self._coming() + instrument.notional(given.price, shape.lots),
            own=self._own() if account is not None and account.elsewhere is not None else Exposure(),
            elsewhere=None if account is None else account.elsewhere,
            extra=(*self._window.gates(), *self._picked.gates(symbol, side)),
        )

    def _shape(
        self,
        given: SignalGiven,
        side: Side,
        instrument: Instrument,
        limits: Limits,
        terms: ExitTerms,
        equity: Decimal,
    ) -> _Shape:
        stop = self._stop(given, side, instrument, limits, terms)
        return _Shape(
            stop=stop,
            target=given.signal.target or _target(given.price, stop, side, instrument, terms),
            lots=lots_for(limits, equity, given.price, stop, instrument),
            leverage=self._leverage(given, limits, instrument, ratio(abs(given.price - stop), given.price), equity),
        )

    def _stop(
        self, given: SignalGiven, side: Side, instrument: Instrument, limits: Limits, terms: ExitTerms
    ) -> Decimal:
        """Return the signal's stop on the contract's grid, else where the rules want it, within the limits."""
        if given.signal.stop is not None:
            return stop_price(instrument, side, given.signal.stop, ZERO)
        wanted = opening_stop(self._desk.measures.get(given.symbol), terms)
        share = limits.stop_share if wanted is None else min(wanted, limits.stop_share)
        return stop_price(instrument, side, given.price, share)

    def _leverage(
        self, given: SignalGiven, limits: Limits, instrument: Instrument, distance: Decimal, equity: Decimal
    ) -> int:
        """Return the limit's leverage, or less: what the contract admits, what lets the stop fire in time, what the
        moment asks for."""
        most = min(limits.leverage, instrument.max_leverage, bearable(instrument, distance))
        return min(most, fitting(self._temper(given, equity))) if limits.leverage_adapts else most

    def _temper(self, given: SignalGiven, equity: Decimal) -> Temper:
        measures, kept = self._desk.measures.get(given.symbol), self._breakers.kept
        peak = self._purse.sums.peak
        return Temper(
            volatility=None if measures is None else measures.volatility,
            confidence=given.signal.confidence,
            streak=kept.wins or -kept.streak,
            drawdown=ratio(max(peak - equity, ZERO), peak),
        )

    def _group(self, symbol: str) -> str:
        held, known = self._positions.open.get(symbol), self._desk.instruments.get(symbol)
        instrument = held.instrument if held is not None else known
        return "" if instrument is None else group_of(instrument.base)

    def _taken(self, symbol: str) -> bool:
        orders = self._orders
        return self._positions.taken(symbol) or bool(orders.live(symbol=symbol)) or orders.uncounted(symbol)

    def _own(self) -> Exposure:
        return own_exposure(self._positions, self._orders, self._desk.instruments)

    def _coming(self) -> Decimal:
        """Return the value of the entries on their way, at the last prices."""
        total = ZERO
        for order in self._orders.live(Purpose.ENTRY):
            mark = self._positions.marks.get(order.symbol, ZERO)
            total += self._desk.instruments[order.symbol].notional(mark, order.request.lots - order.filled_lots)
        return total


def _target(price: Decimal, stop: Decimal, side: Side, instrument: Instrument, terms: ExitTerms) -> Decimal | None:
    """Return the target of a signal that names none: so many times as far as the stop; None for none."""
    if terms.reward is None:
        return None
    target = instrument.below(price + side.sign * terms.reward * abs(price - stop))
    return target if target > 0 else None
