"""When positions are taken over: isolated ones each at its own price, cross ones by the account's risk ratio."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.money import ONE, ZERO
from radtui.core.order import Cross, Trigger
from radtui.venue.cross import CANCEL_RATIO, CrossPosition
from radtui.venue.desk import Desk
from radtui.venue.execution import Execution
from radtui.venue.margin import IsolatedPosition
from radtui.venue.modes import Modes
from radtui.venue.position import Key, Position


class Liquidator:
    """Watches the marks of one exchange's positions."""

    __slots__ = ("_execution", "_modes")

    def __init__(self, execution: Execution, modes: Modes) -> None:
        self._execution = execution
        self._modes = modes

    def threatens(self, desk: Desk, bar: Candle) -> bool:
        """Return whether the bar of the mark price may liquidate, or cancel orders before that."""
        for _, position in self._execution.accounts.positions(desk.instrument):
            if isinstance(position, IsolatedPosition):
                if position.liquidated_at(_worst(position, bar), desk.instrument):
                    return True
            elif any(self._ratio(desk, price) >= CANCEL_RATIO for price in (bar.low, bar.high)):
                return True
        return False

    def gap(self, desk: Desk, price: Decimal, at: int) -> None:
        """Take over what is bankrupt at the open already, before any order can help."""
        for key, position in list(self._execution.accounts.positions(desk.instrument)):
            if isinstance(position, CrossPosition):
                assumed = {desk.instrument.symbol: price}
                if self._execution.accounts.standing(desk.instrument.settle, assumed).margin <= ZERO:
                    self._unwind(desk, price, at)
            elif position.bankrupt_at(price, desk.instrument):
                self._isolated(desk, key, position, price, at)

    def inside(self, desk: Desk, bar: Candle, before: Trigger | None, at: int) -> None:
        """Take over where the bar's adverse mark, or the trigger of a harmful stop on the way there, says so."""
        for key, position in list(self._execution.accounts.positions(desk.instrument)):
            if isinstance(position, IsolatedPosition):
                worst = _reached(position, bar, before)
                if position.liquidated_at(worst, desk.instrument) and not self._topped_up(desk, key, worst):
                    self._isolated(desk, key, position, _taken_over_at(position, desk.instrument, bar), at)
        self._cross(desk, bar, before, at)

    def _isolated(self, desk: Desk, key: Key, position: IsolatedPosition, traded_at: Decimal, at: int) -> None:
        self._execution.take_over(desk, key, position.bankruptcy_price(desk.instrument), traded_at, at)

    def _topped_up(self, desk: Desk, key: Key, worst: Decimal) -> bool:
        """Return whether the available money kept the position open, where the account was told to let it."""
        ledger = self._execution.accounts.of(desk.instrument)
        position = ledger.positions[key]
        if not self._modes.auto_deposit.get(key[0]) or not isinstance(position, IsolatedPosition):
            return False
        topped = position.topped(min(ledger.available, position.initial))
        if topped.liquidated_at(worst, desk.instrument):
            return False
        ledger.positions[key] = topped
        self._execution.moved[desk.instrument.settle] = None
        return True

    def _cross(self, desk: Desk, bar: Candle, before: Trigger | None, at: int) -> None:
        """Let the price go against the contract's cross positions, as far as the bar or the stop says."""
        own = [p for _, p in self._execution.accounts.positions(desk.instrument) if isinstance(p, CrossPosition)]
        if not own:
            return
        heaviest = max(own, key=lambda position: abs(position.lots))
        worst = _reached(heaviest, bar, before)
        if self._ratio(desk, worst) >= CANCEL_RATIO:
            self._free_order_margin(desk.instrument.settle, at)
        if self._ratio(desk, worst) >= ONE:
            edge, _ = self._execution.accounts.edges(desk.instrument)
            price = min(max(edge, worst), bar.open) if heaviest.lots > 0 else max(min(edge, worst), bar.open)
            self._unwind(desk, price if edge > ZERO else worst, at)

    def _unwind(self, desk: Desk, price: Decimal, at: int) -> None:
        """Liquidate the currency's cross positions with this contract at `price`: the largest loss first."""
        accounts, currency = self._execution.accounts, desk.instrument.settle
        assumed = {desk.instrument.symbol: price}
        self._free_order_margin(currency, at)
        while accounts.stakes(currency, assumed):
            if accounts.standing(currency, assumed).ratio < ONE:
                return
            key, at_price = self._worst_of(currency, assumed)
            self._execution.take_over(accounts.desks[key[0]], key, at_price, at_price, at)

    def _worst_of(self, currency: str, assumed: Mapping[str, Decimal]) -> tuple[Key, Decimal]:
        accounts = self._execution.accounts

        def price(symbol: str) -> Decimal:
            return assumed.get(symbol) or accounts.desks[symbol].mark or ZERO

        _, key = min(
            (position.holding.unrealised(price(key[0]), accounts.desks[key[0]].instrument), key)
            for key, position in accounts.ledgers[currency].positions.items()
            if isinstance(position, CrossPosition)
        )
        return key, price(key[0])

    def _free_order_margin(self, currency: str, at: int) -> None:
        """Cancel every order that would open a position in this currency."""
        for desk in self._execution.accounts.desks.values():
            if desk.instrument.settle == currency:
                for order in [order for order in desk.orders.values() if order.reserved]:
                    self._execution.cancel(order, desk, "the account is close to liquidation: orders that open end", at)

    def _ratio(self, desk: Desk, price: Decimal) -> Decimal:
        return self._execution.accounts.standing(desk.instrument.settle, {desk.instrument.symbol: price}).ratio


def harms(trigger: Trigger, position: Position | None) -> bool:
    """Return whether a price on its way to the trigger moves against the position."""
    return position is not None and (trigger.cross is Cross.DOWN) == (position.lots > 0)


def _worst(position: Position, bar: Candle) -> Decimal:
    return bar.low if position.lots > 0 else bar.high


def _reached(position: Position, bar: Candle, before: Trigger | None) -> Decimal:
    return before.price if before is not None and harms(before, position) else _worst(position, bar)


def _taken_over_at(position: IsolatedPosition, instrument: Instrument, bar: Candle) -> Decimal:
    """Return where the market trades when a position is liquidated: its price, or the open where that lies behind."""
    price = position.liquidation_price(instrument)
    return min(price, bar.open) if position.lots > 0 else max(price, bar.open)
