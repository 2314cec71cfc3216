"""How an account is set up and what it may do: modes, leverage, risk levels, margin by hand, transfers."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal

import msgspec

from radtui.core.account import PositionReport
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO, plain
from radtui.core.order import MarginMode, PositionSide, Side
from radtui.venue.cross import CrossPosition
from radtui.venue.desk import Desk
from radtui.venue.interior import Interior
from radtui.venue.margin import IsolatedPosition, cost_of
from radtui.venue.modes import PositionMode
from radtui.venue.position import Key
from radtui.venue.refusals import (
    BAD_PARAMETER,
    BALANCE,
    IN_USE,
    LEVERAGE_TOO_HIGH,
    NO_MONEY_FOR_LEVEL,
    NO_POSITION,
    RISK_LIMIT,
    VenueRefusal,
)
from radtui.venue.risk import RiskLimit, at_level
from radtui.venue.statements import LedgerKind


class AccountSetup(Interior):
    """The half of a venue that sets the account up. Every refusal leaves everything as it was."""

    def margin_mode(self, symbol: str) -> MarginMode:
        """Return a contract's margin mode."""
        self._desk(symbol)
        return self._modes.margin_mode(symbol)

    def set_margin_mode(self, symbol: str, mode: MarginMode) -> None:
        """Change it.

        Raises:
            VenueRefusal: 50002 while an order or a position of the contract exists.
        """
        desk = self._desk(symbol)
        if mode is not self.margin_mode(symbol):
            self._check_idle(desk)
            self._modes.margin_modes[symbol] = mode

    @property
    def position_mode(self) -> PositionMode:
        """One-way or hedge, for the whole account."""
        return self._modes.position_mode

    def set_position_mode(self, mode: PositionMode) -> None:
        """Change it.

        Raises:
            VenueRefusal: 50002 while any order or position exists.
        """
        if mode is not self._modes.position_mode:
            for desk in self._desks.values():
                self._check_idle(desk)
            self._modes.position_mode = mode

    def cross_leverage(self, symbol: str) -> int:
        """Return a contract's leverage in cross margin."""
        return self._modes.cross_leverage(self._desk(symbol).instrument)

    def set_cross_leverage(self, symbol: str, leverage: int) -> None:
        """Change it, for open positions as well.

        Raises:
            VenueRefusal: 300016 beyond what the contract takes, 300003 what is open would need more than there is.
        """
        desk = self._desk(symbol)
        _check_leverage(leverage, desk.instrument)
        ledger = self._accounts.of(desk.instrument)
        own = {key: p for key, p in self._accounts.positions(desk.instrument) if isinstance(p, CrossPosition)}
        geared = {key: msgspec.structs.replace(position, leverage=leverage) for key, position in own.items()}
        mark = desk.mark or ZERO
        more = sum((p.initial_at(mark, desk.instrument) for p in geared.values()), ZERO)
        more -= sum((p.initial_at(mark, desk.instrument) for p in own.values()), ZERO)
        if more > ledger.available:
            raise VenueRefusal(BALANCE, f"at {leverage}× the open positions need {more:.8f} more than is available")
        ledger.positions.update(geared)
        self._modes.leverages[symbol] = leverage
        self._moved(desk, list(own))

    def risk_limits(self, symbol: str) -> list[RiskLimit]:
        """Return a contract's risk levels, the lowest first."""
        self._desk(symbol)
        return self._levels[symbol]

    def risk_level(self, symbol: str) -> int:
        """Return the level that was chosen, from 1."""
        self._desk(symbol)
        return self._modes.levels.get(symbol, 1)

    def set_risk_level(self, symbol: str, level: int) -> None:
        """Change it; the contract's open orders are cancelled.

        Raises:
            VenueRefusal: 100001 no such level, 300005 the position is larger than it takes, 300016 or has more
                leverage, 200005 or too little margin.
        """
        desk, levels = self._desk(symbol), self.risk_limits(symbol)
        if not 1 <= level <= len(levels):
            raise VenueRefusal(BAD_PARAMETER, f"{symbol} has the risk levels 1 to {len(levels)}, not {level}")
        limit = levels[level - 1]
        self._check_fits(desk, limit)
        for order in list(desk.orders.values()):
            self._execution.cancel(order, desk, "the risk level was changed", self.now)
        self._modes.levels[symbol] = level
        self._set_level(desk, level)
        self._moved(desk, [key for key, _ in self._accounts.positions(desk.instrument)])

    def add_margin(self, symbol: str, amount: Decimal, side: PositionSide = PositionSide.BOTH) -> PositionReport:
        """Put available money into an isolated position.

        Raises:
            VenueRefusal: 300009 no such position, 300003 not as much is available, 100001 no amount.
        """
        desk = self._desk(symbol)
        position = self._isolated(desk, side)
        _check_amount(amount)
        if amount > (available := self._accounts.of(desk.instrument).available):
            raise VenueRefusal(BALANCE, f"{plain(amount)} was asked for, available are {plain(available)}")
        return self._top(desk, side, position, amount)

    def withdraw_margin(self, symbol: str, amount: Decimal, side: PositionSide = PositionSide.BOTH) -> PositionReport:
        """Take margin out of an isolated position.

        Raises:
            VenueRefusal: 300009 no such position, 300003 it needs it, 100001 no amount.
        """
        desk = self._desk(symbol)
        position = self._isolated(desk, side)
        _check_amount(amount)
        if amount > (most := self.max_withdraw_margin(symbol, side)):
            raise VenueRefusal(BALANCE, f"{plain(amount)} was asked for, the position can spare {plain(most)}")
        return self._top(desk, side, position, -amount)

    def max_withdraw_margin(self, symbol: str, side: PositionSide = PositionSide.BOTH) -> Decimal:
        """Return the margin that may be taken out of a position; 0 where there is none."""
        desk = self._desk(symbol)
        position = self._accounts.position(desk.instrument, side)
        if not isinstance(position, IsolatedPosition) or desk.mark is None:
            return ZERO
        return position.spare(desk.instrument, desk.mark)

    def set_auto_deposit(self, symbol: str, on: bool) -> None:
        """Let available money keep the contract's isolated positions from liquidation, or not."""
        self._desk(symbol)
        self._modes.auto_deposit[symbol] = on

    def auto_deposit(self, symbol: str) -> bool:
        """Return whether it does."""
        return self._modes.auto_deposit.get(symbol, False)

    def max_open_lots(self, symbol: str, price: Decimal, leverage: int) -> tuple[int, int]:
        """Return how many lots could be bought and sold at `price` with `leverage`.

        Raises:
            VenueRefusal: 100003 no such contract, 300016 or leverage, 100001 no price.
        """
        desk = self._desk(symbol)
        _check_leverage(leverage, desk.instrument)
        if not price > ZERO:
            raise VenueRefusal(BAD_PARAMETER, "the price must lie above 0")
        buys, sells = (self._opens(desk, side, price, leverage) for side in (Side.BUY, Side.SELL))
        return buys, sells

    def transfer(self, currency: str, amount: Decimal, at: int | None = None) -> None:
        """Bring money into the account, or take it out where `amount` is negative.

        Raises:
            VenueRefusal: 100001 no such currency or amount, 300003 not as much is available.
        """
        ledger = self._accounts.ledgers.get(currency)
        if ledger is None or not amount or not amount.is_finite():
            raise VenueRefusal(BAD_PARAMETER, f"{amount} {currency} can not be transferred")
        if -amount > ledger.available:
            raise VenueRefusal(BALANCE, f"{plain(-amount)} was asked for, available are {plain(ledger.available)}")
        ledger.transfer(amount)
        self._execution.moved[currency] = None
        kind = LedgerKind.TRANSFER_IN if amount > ZERO else LedgerKind.TRANSFER_OUT
        sums = ledger.wallet, "main account"
        when = self.now if at is None else at
        self._records.statements.moved(currency, when, kind, amount, ZERO, sums)

    def _opens(self, desk: Desk, side: Side, price: Decimal, leverage: int) -> int:
        instrument, ledger = desk.instrument, self._accounts.of(desk.instrument)
        position = self._accounts.position(instrument, PositionSide.BOTH)
        closable = position.closable(side.sign) if position is not None else 0

        def total(lots: int) -> Decimal:
            return cost_of(instrument, price, lots, leverage, instrument.taker_fee).total

        affordable = bisect_right(range(1, instrument.max_lots + 1), ledger.available, key=total)
        limits = self.risk_limits(instrument.symbol)
        if not limits:
            return min(instrument.max_lots, closable + affordable)
        room = limits[self.risk_level(instrument.symbol) - 1].max - self._exposure(desk, side)
        lots = min(affordable, instrument.lots_for(max(ZERO, room), price))
        return min(instrument.max_lots, closable + lots)

    def _exposure(self, desk: Desk, side: Side) -> Decimal:
        """Return the value of what is open on one side, orders included, in settlement currency."""
        instrument, mark = desk.instrument, desk.mark or ZERO
        value = sum(
            abs(instrument.notional(mark, position.lots))
            for _, position in self._accounts.positions(instrument)
            if position.lots * side.sign > 0
        )
        for order in desk.orders.values():
            if order.side is side and order.covered:
                value += instrument.notional(order.request.price or mark, order.covered)
        return Decimal(value)

    def _check_risk(self, desk: Desk, side: Side, price: Decimal, lots: int) -> None:
        """Refuse what would make a position larger than its risk level takes."""
        limits = self.risk_limits(desk.instrument.symbol)
        if not limits or not lots:
            return
        limit = limits[self.risk_level(desk.instrument.symbol) - 1]
        value = self._exposure(desk, side) + desk.instrument.notional(price, lots)
        if value > limit.max:
            raise VenueRefusal(
                RISK_LIMIT,
                f"the position would be worth {value:.2f} {desk.instrument.settle}, risk level {limit.level} takes "
                f"{limit.max}; make it smaller or choose a higher level",
            )

    def _check_fits(self, desk: Desk, limit: RiskLimit) -> None:
        instrument, mark = at_level(desk.instrument, limit), desk.mark or ZERO
        for _, position in self._accounts.positions(desk.instrument):
            value = abs(instrument.notional(mark, position.lots))
            if value > limit.max:
                raise VenueRefusal(
                    RISK_LIMIT, f"the position is worth {value:.2f}, level {limit.level} takes {limit.max}"
                )
            if isinstance(position, CrossPosition):
                _check_leverage(position.leverage, instrument)
            elif position.initial * limit.max_leverage < abs(position.holding.cost) - value * Decimal("0.01"):
                raise VenueRefusal(NO_MONEY_FOR_LEVEL, f"level {limit.level} takes {limit.max_leverage}× at most")
            elif position.liquidated_at(mark, instrument):
                raise VenueRefusal(NO_MONEY_FOR_LEVEL, f"level {limit.level} needs more margin than the position has")

    def _check_idle(self, desk: Desk) -> None:
        if desk.orders or self._accounts.holds(desk.instrument):
            raise VenueRefusal(IN_USE, "exist.order.or.position")

    def _isolated(self, desk: Desk, side: PositionSide) -> IsolatedPosition:
        position = self._accounts.position(desk.instrument, side)
        if not isinstance(position, IsolatedPosition):
            raise VenueRefusal(NO_POSITION, f"{desk.instrument.symbol}: there is no isolated position")
        return position

    def _top(self, desk: Desk, side: PositionSide, position: IsolatedPosition, amount: Decimal) -> PositionReport:
        key = desk.instrument.symbol, side
        self._accounts.of(desk.instrument).positions[key] = position.topped(amount)
        self._moved(desk, [key])
        return self._accounts.position_report(desk, side, ZERO, "")

    def _moved(self, desk: Desk, keys: list[Key]) -> None:
        """Say what a change of the set-up did to open positions and to the account."""
        currency = desk.instrument.settle
        self._accounts.remark(currency)
        for _, side in keys:
            self._execution.out.append(self._accounts.position_report(desk, side, ZERO, ""))
        if keys:
            self._execution.moved[currency] = None


def _check_leverage(leverage: int, instrument: Instrument) -> None:
    if not 1 <= leverage <= instrument.max_leverage:
        raise VenueRefusal(
            LEVERAGE_TOO_HIGH, f"{instrument.symbol} takes a leverage of 1 to {instrument.max_leverage}, not {leverage}"
        )


def _check_amount(amount: Decimal) -> None:
    if not amount.is_finite() or amount <= ZERO:
        raise VenueRefusal(BAD_PARAMETER, f"the amount must lie above 0, not {amount}")
