"""Prices, orders, fills, positions and money: what the exchange says, taken into the books."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from radtui.core.account import AccountReport, FundingPaid
from radtui.core.commands import Read, Remember
from radtui.core.desk import Desk
from radtui.core.entries import Entries
from radtui.core.events import (
    ExchangeShown,
    FundingReported,
    OrderAccepted,
    OrderRefused,
    OrderReported,
    OrderSent,
    OrderSought,
    OrderUnclear,
    PositionReported,
    PriceMoved,
)
from radtui.core.exits import Exits
from radtui.core.facts import EquityRead, Executed, FundingSettled, PositionChanged
from radtui.core.lifecycle import State
from radtui.core.market import HOUR, MINUTE
from radtui.core.order import Fill, FillKind
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Positions
from radtui.core.purse import Purse
from radtui.core.reconcile import Reconciler

SEEN_FILLS: Final = 1000
_EQUITY_EVERY: Final = 5 * MINUTE
_OVERLAP: Final = HOUR


class Trading:
    """The books of one bot.

    Attributes:
        read_since: market clock from which the next reading asks for fills and funding: a good while before the last
            one began, so that readings overlap. What a feed told does not move it, for a feed may have lost something.
        seen: keys of the fills and settlements taken, so that a repeat is not counted twice.
        flattening: while set, the stops of a closed position stay until the flatten has read back flat.
    """

    def __init__(self, desk: Desk, standing: Callable[[], tuple[State, str]]) -> None:
        self.desk = desk
        self.orders = OwnOrders(desk)
        self.positions = Positions()
        self.purse = Purse()
        self.exits = Exits(desk, self.orders, self.positions)
        self.entries = Entries(desk, self.orders, self.positions, self.purse, self.exits, standing)
        self.reconciler = Reconciler(desk, self.orders, self.positions, self.take_fill)
        self.read_since = 0
        self.seen: OrderedDict[str, None] = OrderedDict()
        self.flattening = False
        self._equity_said_at = 0

    def price_moved(self, event: PriceMoved) -> None:
        """Note a price; close what has met its target."""
        symbol = event.symbol
        self.positions.marks[symbol] = event.price
        self.positions.marked_at[symbol] = event.at
        self.desk.market_at = event.market_at
        if symbol in self.positions.open:
            self.exits.take_profit(symbol, event.price)

    def shown(self, event: ExchangeShown) -> None:
        """Apply a reading of everything."""
        self.account(event.account)
        changed = self.reconciler.shown(event)
        self.exits.awake = True
        for symbol in changed:
            self._ended_or_guarded(symbol)
        for funding in event.funding:
            if self.read_since:
                self.funded(FundingReported(event.at, funding))
            else:  # the first reading ever: it was settled before we came, and the money we began with holds it
                self._unseen(_settlement(funding))
        begun = self.desk.market_at - (event.at - event.begun) * self.desk.config.speed
        self.read_since = max(self.read_since, begun - _OVERLAP)
        self.exits.guard_all()
        if not self.flattening:
            self.exits.tidy_orphans(frozenset(position.symbol for position in event.positions))

    def account(self, account: AccountReport) -> None:
        """Take the exchange's word for the money, and publish it now and then."""
        self.purse.read(account, self.desk.at)
        if self.desk.market_at - self._equity_said_at >= _EQUITY_EVERY:
            self._equity_said_at = self.desk.market_at
            sums = self.purse.sums
            self.desk.say(EquityRead(self.desk.market_at, account, sums.realised, sums.fees, sums.funding))

    def observe(self) -> None:
        """Note the equity of this moment, and whether the sums still agree."""
        self.purse.check(self.desk.at)
        equity = self.purse.equity(self.positions.unrealised())
        priced = self.positions.open.keys() <= self.positions.marks.keys()
        if equity is not None and self.desk.market_at and priced and self.purse.sound(self.desk.at):
            self.purse.observe(equity, self.desk.market_at)

    def funded(self, event: FundingReported) -> None:
        """Count a funding settlement once."""
        funding = event.funding
        if not self._unseen(_settlement(funding)):
            return
        self.purse.sums.funding += funding.amount
        if (position := self.positions.open.get(funding.symbol)) is not None:
            position.funding += funding.amount
        self.desk.say(FundingSettled(funding.symbol, funding.rate, funding.amount, funding.at))
        self.desk.order(Remember())

    def position_reported(self, event: PositionReported) -> None:
        """Keep the exchange's view of a position beside ours."""
        report = event.position
        held = self.positions.open.get(report.symbol)
        if held is not None and held.lots == report.lots:
            held.report = report
        self.desk.say(PositionChanged(report))

    def exposed(self) -> bool:
        """Return whether a position has no confirmed stop, or fills of an entry are still on their way."""
        bare = any(held.lots and held.bare_since is not None for held in self.positions.open.values())
        return (self.exits.awake and bare) or self.orders.uncounted()

    def sent(self, event: OrderSent) -> None:
        """A request is about to leave."""
        self.orders.sent(event.client_id)

    def accepted(self, event: OrderAccepted) -> None:
        """The exchange has an order."""
        self.orders.accepted(event.client_id, event.order_id)
        self._guard_of(event.client_id)

    def refused(self, event: OrderRefused) -> None:
        """The exchange does not have an order, for certain."""
        order = self.orders.get(event.client_id)
        if order is not None and not order.cancelling:
            self.desk.trouble("order refused", f"{order.symbol} {order.purpose}: {event.reason}", "orders")
        self.orders.refused(event.client_id, event.reason)
        self._guard_of(event.client_id)

    def unclear(self, event: OrderUnclear) -> None:
        """Nobody knows whether the exchange has an order."""
        self.orders.unclear(event.client_id, event.reason)

    def sought(self, event: OrderSought) -> None:
        """The exchange was asked for an order."""
        self.orders.sought(event.client_id, event.report)
        self._guard_of(event.client_id)

    def reported(self, event: OrderReported) -> None:
        """The exchange says where an order stands."""
        self.orders.reported(event.report)
        self._guard_of(event.report.client_id)

    def take_fill(self, fill: Fill) -> None:
        """Count an execution once; what is neither ours nor of a position of ours is left alone.

        What was left alone stays so: a position that is adopted later holds it already.
        """
        if not self._unseen(f"{fill.symbol} {fill.trade_id}"):
            return
        order = self.orders.filled(fill)
        if order is not None or fill.symbol in self.positions.open:
            self._count(fill, order.request.leverage if order else 0)

    def _unseen(self, key: str) -> bool:
        """Return whether `key` comes for the first time, and remember it."""
        if key in self.seen:
            return False
        self.seen[key] = None
        if len(self.seen) > SEEN_FILLS:
            self.seen.popitem(last=False)
        return True

    def _count(self, fill: Fill, leverage: int) -> None:
        if fill.symbol not in self.positions.open:
            self.purse.sums.opened += 1
        instrument = self.desk.instruments[fill.symbol]
        plan = self.entries.plans.get(fill.client_id)
        realised = self.positions.fill(fill, instrument, plan, leverage, self.desk.at)
        self.purse.filled(realised, fill.fee)
        self.desk.say(Executed(fill, realised))
        if fill.kind is FillKind.LIQUIDATION:
            self.desk.trouble("liquidated", f"{fill.symbol}: {fill.lots} lots at {fill.price}", "exchange", "alarm")
        self._ended_or_guarded(fill.symbol)
        self.desk.order(Remember())

    def _guard_of(self, client_id: str) -> None:
        order = self.orders.get(client_id)
        if order is None:
            return
        if order.seen_lots < order.filled_lots:
            self.desk.order(Read(self.read_since))  # its fills may have been lost: they are fetched
        elif order.done:
            self.entries.plans.pop(client_id, None)
        if order.symbol in self.positions.open:
            self.exits.guard(order.symbol)
        else:
            self._freed(order.symbol)

    def _ended_or_guarded(self, symbol: str) -> None:
        position = self.positions.open.get(symbol)
        if position is None:
            return
        if position.lots:
            self.exits.guard(symbol)
            return
        self.purse.ended(self.positions.drop(symbol).net)
        if not self.flattening:
            self.exits.tidy(symbol)
            self._freed(symbol)

    def _freed(self, symbol: str) -> None:
        """Take up a reversal once nothing of the old position is left: its stop would close the new one too."""
        if symbol not in self.positions.open and not self.orders.live(symbol=symbol):
            self.entries.now_flat(symbol)


def _settlement(funding: FundingPaid) -> str:
    return f"{funding.symbol} funding {funding.at}"
