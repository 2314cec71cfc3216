"""Prices, orders, fills, positions and money: what the exchange says, taken into the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.account import FundingPaid, PositionReport
from radtui.core.admission import admit
from radtui.core.caretaker import Caretaker
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
from radtui.core.facts import Executed, FundingSettled, PositionChanged
from radtui.core.lost_stops import LostStops
from radtui.core.market import HOUR
from radtui.core.money import ratio
from radtui.core.once import Once
from radtui.core.order import Fill, FillKind, OrderRequest
from radtui.core.orders import Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.picking import Picked
from radtui.core.positions import Positions
from radtui.core.protection import Protection
from radtui.core.purse import Purse
from radtui.core.reconcile import Reconciler
from radtui.core.recovery import Recovery
from radtui.core.standing import Standing
from radtui.core.tallies import Tallies
from radtui.core.trading_breakers import TradingBreakers
from radtui.core.treasury import Treasury, movement
from radtui.core.windows import TradingWindow

_OVERLAP: Final = HOUR


class Trading:
    """The books of one bot.

    Attributes:
        read_since: market clock from which the next reading asks for fills and funding: a good while before the last
            one began, so that readings overlap. What a feed told does not move it, for a feed may have lost something.
        seen: keys of the fills and settlements taken, so that a repeat is not counted twice.
        flattening: while set, the stops of a closed position stay until the flatten has read back flat.
    """

    def __init__(self, desk: Desk, standing: Callable[[], Standing]) -> None:
        self.desk = desk
        self._standing = standing
        self.orders = OwnOrders(desk, self._admit)
        self.positions = Positions()
        self.purse = Purse()
        self.treasury = Treasury(desk, self.purse, self.positions)
        self.breakers = TradingBreakers(desk, self.purse, equity=self.treasury.equity, withdraw=self.withdraw_entries)
        self.exits = Exits(desk, self.orders, self.positions)
        self.protection = Protection(desk, self.orders, self.positions, self.exits)
        self.caretaker = Caretaker(desk, self.positions, self.exits, self.protection)
        self.window, self.picked = TradingWindow(desk), Picked(desk)
        self.entries = Entries(
            desk,
            self.orders,
            self.positions,
            self.purse,
            self.exits,
            self.breakers,
            standing,
            window=self.window,
            picked=self.picked,
        )
        self.recovery = Recovery(desk, self.orders, self.positions, self.purse)
        self.reconciler = Reconciler(desk, self.orders, self.positions, self.take_fill, self.recovery)
        self._lost_stops = LostStops(self.orders, self.positions, self.recovery, self.reconciler)
        self.read_since = 0
        self.tallies = Tallies()
        self.seen = Once()
        self.flattening = False

    def price_moved(self, event: PriceMoved) -> None:
        """Note a price, and look after what is open there."""
        symbol = event.symbol
        self.positions.marks[symbol] = event.price
        self.positions.marked_at[symbol] = event.at
        self.desk.market_at = event.market_at
        if event.bid is not None and event.ask:
            self.positions.spreads[symbol] = ratio(event.ask - event.bid, event.ask)
        else:
            self.positions.spreads.pop(symbol, None)  # a quote of another moment says nothing of this one
        if symbol in self.positions.open:
            self.caretaker.look(symbol, event.price)

    def shown(self, event: ExchangeShown) -> None:
        """Apply a reading of everything."""
        if event.account is not None:
            self.treasury.account(event.account)
        changed = self.reconciler.shown(event)
        self.exits.heard()
        for symbol in changed:
            self._ended_or_guarded(symbol)
        for funding in event.funding or ():
            if self.read_since:
                self.funded(FundingReported(event.at, funding))
            else:  # the first reading ever: it was settled before we came, and the money we began with holds it
                self._unseen(_settlement(funding), funding.at)
        self._transferred(event)
        if event.fills is not None and event.funding is not None:
            begun = self.desk.market_at - (event.at - event.begun) * self.desk.config.speed
            self.read_since = max(self.read_since, begun - _OVERLAP)
        self.protection.guard_all()
        if not self.flattening:
            self.protection.tidy_orphans(frozenset(position.symbol for position in event.positions))

    def read(self) -> None:
        """Have everything read again, what was missed included."""
        self.desk.order(Read(self.read_since))

    def observe(self) -> None:
        """Note the equity of this moment, and whether the sums still agree."""
        self.treasury.observe()
        if (finding := self.treasury.unexplained()) is not None:
            self.reconciler.found(finding)
        self.breakers.look()

    def withdraw_entries(self) -> None:
        """Cancel the entries that are on their way."""
        for order in self.orders.live(Purpose.ENTRY):
            self.orders.cancel(order)

    def withdraw_exits(self, symbol: str | None = None) -> None:
        """Cancel what waits for a price to make a position smaller: it is gone, or the bot comes to rest."""
        for order in self.orders.live(Purpose.EXIT, symbol):
            if order.request.may_rest:
                self.orders.cancel(order)

    def funded(self, event: FundingReported) -> None:
        """Count a funding settlement once."""
        funding = event.funding
        if not self._unseen(_settlement(funding), funding.at):
            return
        self.recovery.settled()
        self.purse.sums.funding += funding.amount
        if (position := self.positions.open.get(funding.symbol)) is not None:
            position.funding += funding.amount
        self.desk.say(FundingSettled(funding.symbol, funding.rate, funding.amount, funding.at))
        self.desk.order(Remember())

    def position_reported(self, event: PositionReported) -> None:
        """Keep the exchange's view of a position beside ours; what cannot be ours is not noted as if it were."""
        report = event.position
        held = self.positions.open.get(report.symbol)
        if held is not None and held.lots == report.lots:
            held.show(report, event.at)
        beside = report.beside(held.lots) if held is not None else report.symbol in self.positions.paired
        if report.symbol in self.desk.instruments and report.symbol not in self.positions.left and not beside:
            self.desk.say(PositionChanged(report))

    def holds(self, report: PositionReport) -> bool:
        """Return whether a position that the exchange shows is ours: known, or of an order whose fills are to come."""
        if report.symbol in self.positions.open:
            return self.positions.holds(report)
        return self.orders.uncounted(report.symbol)

    def exposed(self) -> bool:
        """Return whether a position has no confirmed stop, or fills of an entry are still on their way."""
        return (self.exits.awake and bool(self.protection.unprotected())) or self.orders.uncounted()

    def moving(self) -> bool:
        """Return whether the exchange is still to say what becomes of an order, or of a position that differs."""
        asked = any(
            order.in_flight or (order.purpose is not Purpose.STOP and not order.waits) for order in self.orders.live()
        )
        return asked or self.reconciler.doubtful

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
        before = self.orders.get(event.client_id)
        self.orders.sought(event.client_id, event.report)
        after = self.orders.get(event.client_id)
        if after is not None and after.assumed and after is not before:
            self.read()  # its fills have the last word
        self._lost_stops.look(before, after)
        self._guard_of(event.client_id)

    def reported(self, event: OrderReported) -> None:
        """The exchange says where an order stands."""
        before = self.orders.get(event.report.client_id)
        self.orders.reported(event.report)
        self._lost_stops.look(before, self.orders.get(event.report.client_id))
        self._guard_of(event.report.client_id)

    def take_fill(self, fill: Fill) -> None:
        """Count an execution once; what is neither ours nor of a position of ours is left alone.

        Ours is also what an order of ours did of which no note is left, as after an older journal was put back.

        What was left alone stays so: a position that is adopted later holds it already.
        """
        if fill.symbol not in self.desk.instruments:
            return  # nothing is known of the contract, so nothing of ours was ever made there
        if not self._unseen(f"{fill.symbol} {fill.trade_id}", fill.at):
            return
        order = self.orders.filled(fill)
        if order is not None or self._of_ours(fill) or self._made_before(fill):
            self._count(fill, order.request.leverage if order else 0)

    def _of_ours(self, fill: Fill) -> bool:
        """Return whether somebody's fill changed a position of ours, and not the one beside it on a hedge account."""
        held = self.positions.open.get(fill.symbol)
        return held is not None and fill.position_side.sign * held.lots >= 0

    def _made_before(self, fill: Fill) -> bool:
        """Return whether a fill is of an order of ours whose note was lost, in a run that our books go back to."""
        ids = self.desk.ids
        return self.read_since > 0 and ids.own(fill.client_id) and not ids.newer(fill.client_id)

    def _transferred(self, event: ExchangeShown) -> None:
        for transfer in self.treasury.moved(event.transfers) if event.transfers is not None else ():
            self.breakers.moved(transfer.amount)
            self.recovery.moved()
            if self.recovery.done:
                self.recovery.found(movement(transfer))

    def _unseen(self, key: str, at: int) -> bool:
        return self.seen.first(key, at, shown_since=self.read_since)

    def _count(self, fill: Fill, leverage: int) -> None:
        if fill.symbol not in self.positions.open:
            self.purse.sums.opened += 1
        instrument = self.desk.instruments[fill.symbol]
        plan = self.entries.plans.get(fill.client_id)
        realised = self.positions.fill(fill, instrument, plan, leverage, self.desk.at)
        self.purse.filled(realised, fill.fee)
        self.recovery.counted(fill)
        self.tallies.count(fill, realised)
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
            self.read()  # its fills may have been lost: they are fetched
        elif order.done and not order.assumed:
            self.entries.plans.pop(client_id, None)
        if order.symbol in self.positions.open:
            self.protection.guard(order.symbol)
        else:
            self._freed(order.symbol)

    def _ended_or_guarded(self, symbol: str) -> None:
        position = self.positions.open.get(symbol)
        if position is None:
            return
        if position.lots:
            self.protection.guard(symbol)
            return
        position = self.positions.drop(symbol)
        self.protection.ended(position)
        self.purse.ended(position.net)
        self.breakers.ended(position.net)
        self.withdraw_exits(symbol)
        self._withdraw_rest(symbol)
        if not self.flattening:
            self.protection.tidy(symbol)
            self._freed(symbol)

    def _withdraw_rest(self, symbol: str) -> None:
        """Cancel what is left of an entry whose position has come and gone: its plan is over."""
        for order in self.orders.live(Purpose.ENTRY, symbol):
            if order.request.may_rest:
                self.orders.cancel(order)

    def _admit(self, request: OrderRequest, purpose: Purpose) -> str | None:
        if self.desk.config.watches:
            return "this engine only watches"
        held = self.positions.open.get(request.symbol)
        return admit(request, purpose, held.lots if held else 0, self._standing().mode)

    def _freed(self, symbol: str) -> None:
        """Take up a reversal once nothing of the old position is left: its stop would close the new one too."""
        if symbol not in self.positions.open and not self.orders.live(symbol=symbol):
            self.entries.now_flat(symbol)


def _settlement(funding: FundingPaid) -> str:
    return f"{funding.symbol} funding {funding.at}"
